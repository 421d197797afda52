import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { content, MiB, openLab, serve, sha256, startFileServer } from '../support/transfer-lab.ts'
import type { FileServer, Served, TransferLab } from '../support/transfer-lab.ts'

const within = { timeout: 180_000 }
const body = content(2 * MiB)
const files = (lab: TransferLab): string[] => lab.names().filter((name) => !name.startsWith('.'))

const server = (t: TestContext, more: Partial<Served> = {}): Promise<FileServer> =>
  startFileServer(t, (request, response) => serve(request, response, { body, ...more }))

function put(lab: TransferLab, name: string, text: string | Buffer): void {
  mkdirSync(lab.dir, { recursive: true })
  writeFileSync(join(lab.dir, name), text)
}

test('rename leaves the old file and numbers the new one', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  put(lab, 'f.bin', 'old')
  const finished = await lab.get(url('/f.bin'))
  assert.equal(finished.path, join(lab.dir, 'f (1).bin'))
  assert.equal(lab.read('f.bin').toString(), 'old')
  assert.ok(lab.read('f (1).bin').equals(body))
})

test('overwrite replaces the old file when the new one is whole, and not before', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t, { ifExists: 'overwrite', retries: 0 })
  put(lab, 'f.bin', 'old')
  await assert.rejects(lab.get(url('/f.bin'), { digests: [sha256(content(1))] }), { code: 'digest-mismatch' })
  assert.equal(lab.read('f.bin').toString(), 'old')
  await lab.get(url('/f.bin'))
  assert.ok(lab.read('f.bin').equals(body))
  assert.deepEqual(files(lab), ['f.bin'])
})

test('skip leaves the old file and says that it is there', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t, { ifExists: 'skip' })
  put(lab, 'f.bin', 'old')
  const finished = await lab.get(url('/f.bin'))
  assert.deepEqual(
    [finished.alreadyThere, finished.path, lab.read('f.bin').toString()],
    [true, join(lab.dir, 'f.bin'), 'old'],
  )
  assert.deepEqual(files(lab), ['f.bin'])
})

test('fail ends before the body, with the old file untouched and nothing beside it', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t, { ifExists: 'fail' })
  put(lab, 'f.bin', 'old')
  await assert.rejects(lab.get(url('/f.bin')), { code: 'target-exists', exitCode: 8 })
  assert.equal(lab.read('f.bin').toString(), 'old')
  assert.deepEqual(files(lab), ['f.bin'])
})

test('a link of that name is neither followed nor replaced', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  put(lab, 'elsewhere', 'old')
  symlinkSync(join(lab.dir, 'elsewhere'), join(lab.dir, 'f.bin'))
  symlinkSync(join(lab.dir, 'outside'), join(lab.dir, 'f.bin.part'))
  await lab.get(url('/f.bin'))
  assert.equal(lab.read('elsewhere').toString(), 'old')
  assert.ok(lab.read('f (1).bin').equals(body))
  assert.ok(!lab.names().includes('outside'))
})

test('the same line again finds the file and fetches nothing', within, async (t) => {
  const { url } = await server(t)
  for (const ifExists of ['rename', 'overwrite', 'skip', 'fail'] as const) {
    const lab = await openLab(t, { ifExists })
    await lab.get(url('/f.bin'))
    const again = await lab.get(url('/f.bin'))
    assert.deepEqual([again.alreadyThere, again.path], [true, join(lab.dir, 'f.bin')], ifExists)
    await lab.engine.close()
    const later = await (await lab.again()).get(url('/f.bin'))
    assert.equal(later.alreadyThere, true, ifExists)
    assert.deepEqual(files(lab), ['f.bin'])
  }
})

test('the same line again fetches a file that has changed at the server or here', within, async (t) => {
  let etag = '"one"'
  const { url } = await startFileServer(t, (request, response) => serve(request, response, { body, etag }))
  const lab = await openLab(t)
  await lab.get(url('/f.bin'))
  etag = '"two"'
  assert.equal((await lab.get(url('/f.bin'))).path, join(lab.dir, 'f (1).bin'))
  utimesSync(join(lab.dir, 'f (1).bin'), 1, 1)
  assert.equal((await lab.get(url('/f.bin'))).path, join(lab.dir, 'f (2).bin'))
})

test('the same line again finds the file under the number that it got', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  put(lab, 'f.bin', 'old')
  await lab.get(url('/f.bin'))
  await lab.engine.close()
  for (const digests of [[], [sha256(body)]]) {
    const again = await (await lab.again()).get(url('/f.bin'), { digests })
    assert.deepEqual([again.alreadyThere, again.path], [true, join(lab.dir, 'f (1).bin')])
  }
  assert.deepEqual(files(lab).sort(), ['f (1).bin', 'f.bin'])
  // Whoever says what is to become of the name means that name.
  const strict = await openLab(t, { ifExists: 'fail' })
  put(strict, 'f.bin', 'old')
  await assert.rejects(strict.get(url('/f.bin')), { code: 'target-exists' })
})

test('of several versions the one that the server has now counts', within, async (t) => {
  let etag = '"one"'
  const { url } = await startFileServer(t, (request, response) => serve(request, response, { body, etag }))
  const lab = await openLab(t)
  await lab.get(url('/f.bin'))
  etag = '"two"'
  await lab.get(url('/f.bin'))
  const again = await lab.get(url('/f.bin'))
  assert.deepEqual([again.alreadyThere, again.path], [true, join(lab.dir, 'f (1).bin')])
})

test('a server without any marks proves nothing: the same line again fetches again', within, async (t) => {
  const { url } = await server(t, { etag: null })
  const lab = await openLab(t)
  await lab.get(url('/f.bin'))
  assert.equal((await lab.get(url('/f.bin'))).alreadyThere, false)
})

test('a file that is there with the right digest needs no request', within, async (t) => {
  const { url, seen } = await server(t)
  const lab = await openLab(t)
  put(lab, 'f.bin', body)
  const finished = await lab.get(url('/f.bin'), { digests: [sha256(body)] })
  assert.deepEqual([finished.alreadyThere, finished.verdict, seen.length], [true, 'verified', 0])
})

test('a file that is there with another digest is fetched beside it', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  put(lab, 'f.bin', 'old')
  const finished = await lab.get(url('/f.bin'), { digests: [sha256(body)] })
  assert.deepEqual([finished.alreadyThere, finished.path], [false, join(lab.dir, 'f (1).bin')])
})

test('a chosen name may have folders, which are made', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  const finished = await lab.get(url('/f.bin'), { output: 'a/b/c.bin' })
  assert.equal(finished.path, join(lab.dir, 'a', 'b', 'c.bin'))
})

test('a chosen name is refused at once where its part would be too long for the disk', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  const { path } = await lab.get(url('/f.bin'), { output: 'x'.repeat(250) })
  assert.equal(path, join(lab.dir, 'x'.repeat(250)))
  await assert.rejects(lab.get(url('/f.bin'), { output: 'y'.repeat(251) }), { code: 'usage', message: /250 bytes/ })
  assert.deepEqual(files(lab), ['x'.repeat(250)])
})

test('a name that the server gives stays in the folder', within, async (t) => {
  for (const name of ['../../evil.bin', '/etc/evil.bin', '..\\evil.bin', '.bashrc']) {
    const { url } = await server(t, {
      fields: { 'Content-Disposition': `attachment; filename="${name.replaceAll('\\', '\\\\')}"` },
    })
    const lab = await openLab(t)
    const finished = await lab.get(url('/f.bin'))
    assert.ok(
      finished.path.startsWith(lab.dir) && !finished.path.slice(lab.dir.length + 1).includes('/'),
      finished.path,
    )
    assert.ok(!/\/\.[^/]*$/.test(finished.path), finished.path)
  }
})

test('two different files of one name get one name each', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  const finished = await Promise.all(['/a/f.bin', '/b/f.bin', '/c/f.bin'].map((path) => lab.get(url(path))))
  assert.deepEqual(finished.map(({ path }) => path.slice(lab.dir.length + 1)).sort(), [
    'f (1).bin',
    'f (2).bin',
    'f.bin',
  ])
  for (const name of files(lab)) assert.ok(lab.read(name).equals(body))
})

test('a file that is there, but not with the digest that is asked for now, is no answer', within, async (t) => {
  const { url } = await server(t)
  const lab = await openLab(t)
  await lab.get(url('/f.bin'))
  assert.equal((await lab.get(url('/f.bin'))).alreadyThere, true)
  await assert.rejects(lab.get(url('/f.bin'), { digests: [sha256(content(1))] }), { code: 'digest-mismatch' })
})

test('when the name is taken at the last moment, the whole part is kept without a complaint', within, async (t) => {
  const lab = await openLab(t, { ifExists: 'fail' })
  const { url } = await startFileServer(t, (_, response) => {
    response.writeHead(200, { 'content-length': body.length, etag: '"1"' })
    response.write(body.subarray(0, MiB))
    const finish = (): void => {
      if (lab.of('start').length === 0) return void setImmediate(finish)
      put(lab, 'f.bin', 'mine')
      response.end(body.subarray(MiB))
    }
    finish()
  })
  await assert.rejects(lab.get(url('/f.bin')), { code: 'target-exists' })
  assert.equal(lab.read('f.bin').toString(), 'mine')
  assert.deepEqual(lab.of('warning'), [])
  assert.ok(lab.read('f.bin.part').equals(body))
})
