import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { runningDaemon } from './find-daemon.ts'

test('the daemon of a data folder is found while its process runs', async (t) => {
  const folder = temporaryFolder(t)
  const file = join(folder, 'daemon.json')
  assert.equal(await runningDaemon(folder), undefined)
  await writeFile(file, JSON.stringify({ url: 'http://127.0.0.1:9000', pid: process.pid, startedAt: 'now' }))
  assert.deepEqual(await runningDaemon(folder), { url: 'http://127.0.0.1:9000', pid: process.pid })
  const { pid } = spawnSync(process.execPath, ['--version'])
  await writeFile(file, JSON.stringify({ url: 'http://127.0.0.1:9000', pid }))
  assert.equal(await runningDaemon(folder), undefined)
})

test('a file that is none of ours counts as missing', async (t) => {
  const folder = temporaryFolder(t)
  for (const text of ['', '{', 'null', '[]', '{"url":5,"pid":1}', '{"url":"http://x","pid":-1}', '{"pid":1.5}']) {
    await writeFile(join(folder, 'daemon.json'), text)
    assert.equal(await runningDaemon(folder), undefined, text)
  }
})
