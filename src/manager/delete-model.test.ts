import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openManagerLab } from '../../test/support/manager-lab.ts'
import { pullFile } from '../../test/support/scripted-puller.ts'

test('a zip is deleted with its download while it is what was pulled, and never through a link or outside', async (t) => {
  const lab = await openManagerLab(t)
  mkdirSync(lab.dir, { recursive: true })
  const outside = join(lab.dataDir, 'precious')
  writeFileSync(outside, 'x'.repeat(2000))
  const finished = async (name: string, make: (path: string) => void): Promise<string> => {
    const id = await lab.pulling('a:1', { filename: name, model: { target: 'zip' } })
    const path = join(lab.dir, name)
    lab.puller.job(id).start([pullFile('aa', 1000)], path)
    make(path)
    lab.puller.job(id).finish()
    await lab.is(id, 'completed')
    assert.equal(lab.of(id).filename, name)
    return id
  }
  const write = (path: string): void => writeFileSync(path, 'x'.repeat(1200))
  await lab.manager.remove(await finished('good.zip', write), { deleteFile: true })
  await lab.manager.remove(await finished('kept.zip', write), { deleteFile: false })
  await lab.manager.remove(await finished('link.zip', (path) => symlinkSync(outside, path)), { deleteFile: true })
  await lab.manager.remove(await finished('gone.zip', () => undefined), { deleteFile: true })
  const smaller = await finished('smaller.zip', (path) => writeFileSync(path, 'mine'))
  const newer = await finished('newer.zip', write)
  utimesSync(join(lab.dir, 'newer.zip'), Date.now() / 1000 + 60, Date.now() / 1000 + 60)
  for (const id of [smaller, newer])
    await assert.rejects(lab.manager.remove(id, { deleteFile: true }), { code: 'wrong-state', message: /no longer/ })
  const there = ['good', 'kept', 'link', 'gone', 'smaller', 'newer'].map((name) =>
    existsSync(join(lab.dir, `${name}.zip`)),
  )
  assert.deepEqual(there, [false, true, true, false, true, true])
  assert.equal(existsSync(outside), true)
})

test('a folder of files is not deleted, and the sentence says so', async (t) => {
  const lab = await openManagerLab(t)
  for (const target of ['files', 'layout'] as const) {
    const id = await lab.pulling('a:1', { model: { target } })
    lab.puller.job(id).start([pullFile('aa', 1000)], join(lab.dir, 'a-1'))
    lab.puller.job(id).finish()
    await lab.is(id, 'completed')
    await assert.rejects(lab.manager.remove(id, { deleteFile: true }), { code: 'wrong-state', message: /is a folder/ })
    await lab.manager.remove(id, { deleteFile: false })
  }
})
