import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { runSluice } from '../support/cli.ts'
import { startDaemon } from '../support/daemon.ts'
import { startFarm } from '../support/farm.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('the file of a completed download is moved within the folder of the daemon alone', async (t) => {
  const farm = await startFarm(t)
  const daemon = await startDaemon(t)
  const outside = temporaryFolder(t)
  const id = await daemon.add(farm.plant('/a.bin', 1000))
  await daemon.becomes(id, 'completed')
  const move = (body: unknown, which = id) => daemon.api('POST', `/api/download/${which}/move-file`, body)
  const pathOf = (answer: { json(): unknown }): string => (answer.json() as { path: string }).path

  symlinkSync(outside, join(daemon.dir, 'link'))
  writeFileSync(join(daemon.dir, 'text'), 'text')
  for (const body of [
    { dir: '../x' },
    { dir: outside },
    { dir: 'link' },
    { dir: 'link/sub' },
    { dir: 'text' },
    { dir: '.hidden' },
    { dir: 'a\u0000b' },
    { dir: 'x', filename: '../b' },
    { dir: 'x', ifExists: 'ask' },
    {},
  ])
    assert.equal((await move(body)).status, 400, JSON.stringify(body))
  assert.deepEqual(readdirSync(outside), [])

  const moved = await move({ dir: 'one/two' })
  assert.deepEqual([moved.status, pathOf(moved)], [200, join(daemon.dir, 'one/two/a.bin')])
  const { path, filename, timeline, missing } = await daemon.get(id)
  assert.deepEqual([path, filename, missing], [join(daemon.dir, 'one/two/a.bin'), 'a.bin', false])
  assert.deepEqual([timeline.at(-1)?.event, timeline.at(-1)?.detail], ['moved', path])
  assert.equal((await daemon.history()).entries[0]?.path, path)
  assert.equal((await daemon.statistics()).totalFiles, 1)
  assert.equal(existsSync(join(daemon.dir, 'a.bin')), false)

  mkdirSync(join(daemon.dir, 'three'))
  writeFileSync(join(daemon.dir, 'three', 'b.bin'), 'mine')
  const taken = { dir: 'three', filename: 'b.bin' }
  assert.equal((await move({ ...taken, ifExists: 'fail' })).status, 409)
  assert.equal(pathOf(await move({ ...taken, ifExists: 'skip' })), path)
  assert.equal(pathOf(await move(taken)), join(daemon.dir, 'three/b (1).bin'))
  await daemon.kill()
  await daemon.restart()
  assert.equal((await daemon.get(id)).path, join(daemon.dir, 'three/b (1).bin'))
  const [entry] = (await daemon.history()).entries
  assert.deepEqual([entry?.path, entry?.filename], [join(daemon.dir, 'three/b (1).bin'), 'b (1).bin'])

  const told = await runSluice(['move-file', id, '.', '-o', 'c.bin', '--url', daemon.origin], {})
  assert.deepEqual([told.code, told.stdout.trim()], [0, join(daemon.dir, 'c.bin')], told.stderr)
  const { id: again } = await daemon.ask<{ id: string }>('POST', `/api/history/${id}/redownload`)
  await daemon.becomes(again, 'completed')
  await daemon.ask('DELETE', `/api/download/${id}?deleteFile=true`)
  assert.equal(existsSync(join(daemon.dir, 'c.bin')), false)

  const slow = await daemon.add(farm.plant('/slow.bin', 1000), { paused: true })
  assert.equal((await move({ dir: 'x' }, slow)).status, 409)
  assert.equal((await move({ dir: 'x' }, 'dl-0000000000000000')).status, 404)
  writeFileSync((await daemon.get(again)).path, 'somebody else wrote this')
  assert.equal((await move({ dir: 'x' }, again)).status, 409)
})
