import assert from 'node:assert/strict'
import { fstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mock, test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { SluiceError } from '../core/errors.ts'

/** Stands for the disk: what one write takes. Installed before the module takes its functions. */
let mostAtOnce = Infinity
const real = { ...process.getBuiltinModule('node:fs') }
mock.method(
  process.getBuiltinModule('node:fs'),
  'writeSync',
  (fd: number, data: Uint8Array, offset: number, length: number, position: number) =>
    real.writeSync(fd, data, offset, Math.min(length, mostAtOnce), position),
)
type Written = (error: NodeJS.ErrnoException | null, count: number) => void
mock.method(
  process.getBuiltinModule('node:fs'),
  'write',
  (fd: number, data: Buffer, offset: number, length: number, position: number, done: Written) =>
    real.write(fd, data, offset, Math.min(length, mostAtOnce), position, done),
)
const { openPartFile } = await import('./part-file.ts')
type PartFile = ReturnType<typeof openPartFile>

const isDiskFull = (error: unknown): boolean =>
  (error as SluiceError).code === 'disk-full' && /\/dev\/full/.test((error as SluiceError).message)

/** Resolves with what `written` was told. */
function writeLater(file: PartFile, bytes: Buffer, start: number, end: number, position: number): Promise<unknown> {
  return new Promise((resolve) => file.writeLater(bytes, start, end, position, resolve))
}

test('property: bytes land at their positions in any order, at once or later, however little the disk takes', async (t) => {
  const dir = temporaryFolder(t)
  t.after(() => (mostAtOnce = Infinity))
  let count = 0
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 4999 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 5000, maxLength: 5000 }),
      cuts,
      fc.infiniteStream(fc.boolean()),
      fc.integer({ min: 1, max: 6000 }),
      fc.nat({ max: 3000 }),
      async (body, at, coins, most, offset) => {
        mostAtOnce = most
        const path = join(dir, `${count++}.part`)
        const file = openPartFile(path, 'create', offset)
        const borders = [0, ...at.sort((a, b) => a - b), 5000]
        const pieces = borders
          .slice(1)
          .map((end, index) => [borders[index] ?? 0, end] as const)
          .sort(() => (coins.next().value ? 1 : -1))
        // The bytes stand somewhere in a larger buffer, as those of a read do.
        const buffer = Buffer.concat([Buffer.alloc(7), body, Buffer.alloc(7)])
        for (const [start, end] of pieces) {
          if (coins.next().value) file.writeNow(buffer, start + 7, end + 7, start)
          else void writeLater(file, buffer, start + 7, end + 7, start)
        }
        await file.settled()
        assert.equal(file.facts().size, 5000)
        file.close()
        assert.ok(readFileSync(path).equals(Buffer.concat([Buffer.alloc(offset), body])))
      },
    ),
    { numRuns: 40 },
  )
})

test('a new part never takes the place of a file or a link', (t) => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'there.part'), 'mine')
  symlinkSync(join(dir, 'there.part'), join(dir, 'link.part'))
  symlinkSync(join(dir, 'nowhere'), join(dir, 'dangling.part'))
  mkdirSync(join(dir, 'folder.part'))
  for (const name of ['there', 'link', 'dangling', 'folder']) {
    assert.throws(() => openPartFile(join(dir, `${name}.part`), 'create'), { code: 'EEXIST' }, name)
  }
  assert.equal(readFileSync(join(dir, 'there.part'), 'utf8'), 'mine')
})

test('resuming opens what is there and follows no link', (t) => {
  const dir = temporaryFolder(t)
  writeFileSync(join(dir, 'there.part'), 'abcdef')
  symlinkSync(join(dir, 'there.part'), join(dir, 'link.part'))
  const file = openPartFile(join(dir, 'there.part'), 'resume')
  assert.equal(file.facts().size, 6)
  file.writeNow(Buffer.from('XY'), 0, 2, 2)
  file.close()
  assert.equal(readFileSync(join(dir, 'there.part'), 'utf8'), 'abXYef')
  assert.throws(() => openPartFile(join(dir, 'link.part'), 'resume'))
  assert.throws(() => openPartFile(join(dir, 'none.part'), 'resume'))
})

test('what is being written is told until it is written', async (t) => {
  const file = openPartFile(join(temporaryFolder(t), 'f.part'), 'create')
  const bytes = Buffer.alloc(200_000, 1)
  const first = writeLater(file, bytes, 0, 100_000, 0)
  const second = writeLater(file, bytes, 100_000, 200_000, 500_000)
  assert.deepEqual(
    file.underWay().sort(([a], [b]) => a - b),
    [
      [0, 100_000],
      [500_000, 600_000],
    ],
  )
  assert.deepEqual(await Promise.all([first, second]), [null, null])
  assert.deepEqual(file.underWay(), [])
  await file.settled()
  file.close()
})

test('settled waits for all writes, and not at all when there are none', async (t) => {
  const path = join(temporaryFolder(t), 'f.part')
  const file = openPartFile(path, 'create')
  await file.settled()
  const bytes = Buffer.alloc(3_000_000, 7)
  let written = 0
  for (let at = 0; at < bytes.length; at += 300_000) file.writeLater(bytes, at, at + 300_000, at, () => written++)
  await file.settled()
  assert.equal(written, 10)
  assert.ok(readFileSync(path).equals(bytes))
  file.close()
})

test(
  'a full disk is told by both ways of writing, with the place',
  { skip: process.platform !== 'linux' },
  async () => {
    const file = openPartFile('/dev/full', 'resume')
    assert.throws(() => file.writeNow(Buffer.alloc(10), 0, 10, 0), isDiskFull)
    assert.ok(isDiskFull(await writeLater(file, Buffer.alloc(10), 0, 10, 0)))
    await file.settled()
    file.close()
  },
)

test('truncating gives up what is behind', async (t) => {
  const path = join(temporaryFolder(t), 'f.part')
  const file = openPartFile(path, 'create')
  file.writeNow(Buffer.from('abcdef'), 0, 6, 0)
  await file.sync()
  file.truncate(2)
  assert.equal(file.facts().size, 2)
  file.close()
  assert.equal(readFileSync(path, 'utf8'), 'ab')
})

test('what is free in front counts nowhere, and stays when the rest is given up', (t) => {
  const path = join(temporaryFolder(t), 'f.part')
  const file = openPartFile(path, 'create', 10)
  assert.equal(file.facts().size, 0)
  file.writeNow(Buffer.from('abcdef'), 0, 6, 0)
  assert.equal(file.facts().size, 6)
  file.truncate(2)
  file.close()
  assert.equal(readFileSync(path, 'latin1'), `${'\0'.repeat(10)}ab`)
  writeFileSync(path, 'short')
  const again = openPartFile(path, 'resume', 10)
  assert.equal(again.facts().size, 0)
  again.close()
  assert.equal(readFileSync(path).length, 10)
})

test('closing twice is allowed, closing under a running write waits for it', async (t) => {
  const dir = temporaryFolder(t)
  const file = openPartFile(join(dir, 'f.part'), 'create')
  file.close()
  file.close()
  assert.throws(() => fstatSync(file.fd), { code: 'EBADF' })
  const busy = openPartFile(join(dir, 'g.part'), 'create')
  const write = writeLater(busy, Buffer.alloc(100), 0, 100, 0)
  busy.close()
  await write
  await busy.settled()
  assert.throws(() => fstatSync(busy.fd), { code: 'EBADF' })
})

test('after a move the new place is the one that is told of', (t) => {
  const dir = temporaryFolder(t)
  const file = openPartFile(join(dir, 'f.part'), 'create')
  file.moved(join(dir, 'g.part'))
  assert.equal(file.path, join(dir, 'g.part'))
  file.close()
})
