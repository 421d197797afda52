import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { listLog } from '../../test/support/manager-parts.ts'
import { everything, until } from '../../test/support/manager-lab.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { serve, startFileServer } from '../../test/support/transfer-lab.ts'
import type { DownloadStatus } from '../core/download-states.ts'
import { openManager } from './open-manager.ts'
import type { Manager, ManagerOptions } from './types.ts'

const body = randomBytes(3 * 1024 * 1024)
const sha256 = createHash('sha256').update(body).digest('hex')

function optionsIn(t: TestContext): ManagerOptions {
  const folder = temporaryFolder(t)
  const [dir, dataDir] = [join(folder, 'files'), join(folder, 'data')]
  return { dir, dataDir, reachable: false, version: '1', log: listLog() }
}

async function becomes(manager: Manager, id: string, status: DownloadStatus): Promise<void> {
  const now = () => manager.list(everything).downloads.find((one) => one.id === id)
  await until(
    () => now()?.status === status,
    () => `${id}: ${JSON.stringify(now())}, not ${status}`,
    20,
  )
}

test('paused, resumed, closed and opened again, a download ends with the right bytes', async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const options = optionsIn(t)
  let manager = await openManager(options)
  t.after(() => manager.close())
  const { id } = await manager.add({
    reference: server.url('/data.bin'),
    checksum: `sha256:${sha256}`,
    speedLimit: 1024 * 1024,
    connections: 2,
  })
  const bytes = (): number => manager.list(everything).downloads[0]?.bytesDone ?? 0
  await until(() => bytes() > 0, 'bytes come')
  const detail = await manager.get(id)
  assert.ok(detail.segments.length > 0)
  await manager.pause(id)
  assert.equal(existsSync(join(options.dir, 'data.bin')), false)
  await manager.resume(id)
  await becomes(manager, id, 'active')
  await manager.close()
  manager = await openManager(options)
  await manager.setLimit(id, 0)
  await becomes(manager, id, 'completed')
  assert.ok(readFileSync(join(options.dir, 'data.bin')).equals(body))
  const done = await manager.get(id)
  assert.deepEqual([done.verdict, done.digests.sha256, done.bytesDone], ['verified', sha256, body.length])
  assert.deepEqual(readdirSync(options.dir), ['data.bin'])
  const asked = server.seen.length
  await manager.close()
  manager = await openManager(options)
  await becomes(manager, id, 'completed')
  assert.equal(server.seen.length, asked)
})

test('a cancelled download leaves nothing in the folder', async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const options = optionsIn(t)
  const manager = await openManager(options)
  t.after(() => manager.close())
  const { id } = await manager.add({ reference: server.url('/data.bin'), speedLimit: 512 * 1024 })
  await until(() => (manager.list(everything).downloads[0]?.bytesDone ?? 0) > 0, 'bytes come')
  await manager.cancel(id)
  assert.deepEqual(readdirSync(options.dir), [])
  assert.equal((await manager.get(id)).status, 'cancelled')
})

test('a finished file is deleted with its download as long as nobody wrote to it, also after a restart', async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const options = optionsIn(t)
  let manager = await openManager(options)
  t.after(() => manager.close())
  const ids: string[] = []
  for (const filename of ['edited.bin', 'kept.bin']) {
    ids.push((await manager.add({ reference: server.url('/data.bin'), filename })).id)
    await becomes(manager, ids.at(-1) ?? '', 'completed')
  }
  await manager.close()
  manager = await openManager(options)
  const [edited = '', same = ''] = ids
  writeFileSync(join(options.dir, 'edited.bin'), Buffer.alloc(body.length))
  await assert.rejects(manager.remove(edited, { deleteFile: true }), { code: 'wrong-state' })
  await manager.remove(same, { deleteFile: true })
  assert.deepEqual(readdirSync(options.dir), ['edited.bin'])
})

test('a redirect to another host stands in the timeline, and warns nobody', async (t) => {
  const other = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const server = await startFileServer(t, (_request, response) =>
    response.writeHead(302, { Location: other.url('/data.bin?token=secret') }).end(),
  )
  const manager = await openManager(optionsIn(t))
  t.after(() => manager.close())
  const warnings: string[] = []
  manager.events.listen((event) => event.type === 'warning' && warnings.push(event.code))
  const { id } = await manager.add({ reference: server.url('/data.bin') })
  await becomes(manager, id, 'completed')
  const { timeline } = await manager.get(id)
  assert.deepEqual(
    timeline.filter(({ event }) => event === 'redirected').map(({ detail }) => detail),
    [new URL(other.origin).host],
  )
  assert.deepEqual(warnings, [])
})

test('a change of what the engine takes at its opening only reaches downloads that run', async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const manager = await openManager({ ...optionsIn(t), reachable: true })
  t.after(() => manager.close())
  await manager.changeSettings({ allowPrivate: true })
  const { id } = await manager.add({ reference: server.url('/data.bin'), paused: true })
  await manager.changeSettings({ allowPrivate: false })
  await manager.resume(id)
  await becomes(manager, id, 'error')
  assert.equal((await manager.get(id)).error?.code, 'private-address')
  await manager.changeSettings({ allowPrivate: true })
  await manager.retry(id)
  await becomes(manager, id, 'completed')
})

test('one data folder has one daemon', async (t) => {
  const options = optionsIn(t)
  const manager = await openManager(options)
  t.after(() => manager.close())
  await assert.rejects(openManager(options), { code: 'already-running' })
})

test('a preview tells what a download would be and adds nothing', async (t) => {
  const server = await startFileServer(t, (request, response) => serve(request, response, { body }))
  const manager = await openManager(optionsIn(t))
  t.after(() => manager.close())
  const { filename, size, resumable } = await manager.preview({ reference: server.url('/a/data.bin') })
  assert.deepEqual([filename, size, resumable], ['data.bin', body.length, true])
  assert.equal(manager.list(everything).total, 0)
})
