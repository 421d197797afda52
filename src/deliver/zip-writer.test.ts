import assert from 'node:assert/strict'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { openZip } from './read-zip.ts'
import { createZipWriter } from './zip-writer.ts'

const mtime = new Date('2024-05-06T07:08:10Z')

/** A file whose bytes that were never written are zeros that cost no reading: only so are 4 GiB read in a second. */
function quickHoles(file: FileHandle): FileHandle {
  const read = async (_: Buffer, _offset: number, length: number): Promise<{ bytesRead: number }> => ({
    bytesRead: length,
  })
  return new Proxy(file, {
    get: (target, key) => {
      const value: unknown = key === 'read' ? read : Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

test('what is larger than 4 GiB, and what lies behind it, is found again through zip64', async (t) => {
  const path = join(temporaryFolder(t), 'large.zip')
  const file = await open(path, 'wx+')
  const size = 4 * 1024 ** 3 + 5
  const writer = createZipWriter(quickHoles(file), { mtime })
  await writer.adopt('large', size)
  await writer.addBytes('far', Buffer.from('away'))
  const length = await writer.finish()
  assert.equal((await file.stat()).size, length)
  await file.close()

  const zip = await openZip(path)
  t.after(() => zip.close())
  assert.deepEqual(
    zip.entries.map((entry) => [entry.name, entry.size]),
    [
      ['large', size],
      ['far', 4],
    ],
  )
  for await (const piece of zip.entries[1]!.pieces()) assert.equal(Buffer.from(piece).toString(), 'away')
})

test('an input that ends before its size is an error and not a shorter entry', async (t) => {
  const dir = temporaryFolder(t)
  const [file, input] = [await open(join(dir, 'a.zip'), 'wx+'), await open(join(dir, 'short'), 'wx+')]
  await input.write('ten bytes.')
  const writer = createZipWriter(file, { mtime })
  await assert.rejects(writer.addFile('short', { file: input, size: 11 }), { code: 'size-mismatch' })
  await Promise.all([file.close(), input.close()])
})
