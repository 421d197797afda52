import assert from 'node:assert/strict'
import { existsSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { everything, openManagerLab, until } from '../../test/support/manager-lab.ts'
import type { ManagerLab } from '../../test/support/manager-lab.ts'

async function waiting(lab: ManagerLab, count: number): Promise<string[]> {
  await lab.manager.changeSettings({ autoStart: false })
  const ids: string[] = []
  for (let at = 0; at < count; at++) ids.push(await lab.add())
  return ids
}

function order(lab: ManagerLab, ids: readonly string[]): number[] {
  return lab.manager.list(everything).downloads.map((one) => ids.indexOf(one.id))
}

test('downloads move to the top, the bottom and any place, among those of their priority', async (t) => {
  const lab = await openManagerLab(t)
  const ids = await waiting(lab, 5)
  const id = (at: number): string => ids[at] ?? ''
  await lab.manager.move(id(3), 'top')
  assert.deepEqual(order(lab, ids), [3, 0, 1, 2, 4])
  await lab.manager.move(id(0), 'bottom')
  assert.deepEqual(order(lab, ids), [3, 1, 2, 4, 0])
  await lab.manager.move(id(4), 2)
  assert.deepEqual(order(lab, ids), [3, 4, 1, 2, 0])
  await lab.manager.setPriority(id(2), 9)
  await lab.manager.move(id(0), 1)
  assert.deepEqual(order(lab, ids), [2, 0, 3, 4, 1])
  await lab.reopen()
  assert.deepEqual(order(lab, ids), [2, 0, 3, 4, 1])
  await assert.rejects(lab.manager.move(id(0), 0), { code: 'usage' })
  await assert.rejects(lab.manager.setPriority(id(0), 11), { code: 'usage' })
})

test('moving to the same place again and again never runs out of positions', async (t) => {
  const lab = await openManagerLab(t)
  const ids = await waiting(lab, 3)
  for (let at = 0; at < 150; at++) {
    const [, , last = -1] = order(lab, ids)
    await lab.manager.move(ids[last] ?? '', 2)
    assert.equal(order(lab, ids)[1], last)
  }
})

test('several at once: what is not possible with one holds no other up', async (t) => {
  const lab = await openManagerLab(t)
  const ids = await waiting(lab, 4)
  const [a = '', b = '', c = '', d = ''] = ids
  const unknown = 'dl-0000000000000000'
  await lab.manager.pause(b)
  const result = await lab.manager.bulk('pause', [a, b, unknown, a], { deleteFile: false })
  assert.deepEqual(result.done, [a])
  assert.deepEqual(
    result.failed.map((one) => [one.id, one.code]),
    [
      [b, 'wrong-state'],
      [unknown, 'not-found'],
    ],
  )
  await lab.manager.bulk('top', [d, c], { deleteFile: false })
  assert.deepEqual(order(lab, ids), [3, 2, 0, 1])
  assert.deepEqual((await lab.manager.resumeAll()).done.toSorted(), ids.toSorted())
  await until(() => lab.engine.jobs.length === 4, 'all run')
  assert.deepEqual((await lab.manager.pauseAll()).done.toSorted(), ids.toSorted())
  await lab.manager.bulk('cancel', [a, b], { deleteFile: false })
  await lab.manager.bulk('remove', [c], { deleteFile: false })
  assert.deepEqual(
    [lab.of(a).status, lab.of(b).status, lab.manager.list(everything).total],
    ['cancelled', 'cancelled', 3],
  )
})

test('a limit reaches a running download and outlives a restart', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  await lab.manager.setLimit(id, 1000)
  await until(() => lab.engine.calls.includes(`adjust ${id} {"limitRate":1000}`), 'the engine knows')
  await lab.reopen()
  await until(() => lab.engine.jobs.length === 1, 'it goes on')
  assert.equal(lab.engine.job(id).request.options?.limitRate, 1000)
  await lab.manager.setLimit(id, 0)
  assert.equal(lab.of(id).speedLimit, null)
})

test('removing keeps the finished file unless it shall go, and never deletes what lies outside or is a link', async (t) => {
  const lab = await openManagerLab(t)
  const outside = join(lab.dataDir, 'precious')
  writeFileSync(outside, 'x')
  mkdirSync(lab.dir, { recursive: true })
  const finished = async (filename: string, make: (path: string) => void): Promise<readonly [string, string]> => {
    const id = await lab.running({ filename })
    const path = join(lab.dir, filename)
    make(path)
    lab.engine.job(id).finish()
    await lab.is(id, 'completed')
    return [id, path]
  }
  const [kept, keptPath] = await finished('kept', (path) => writeFileSync(path, 'x'))
  const [gone, gonePath] = await finished('gone', (path) => writeFileSync(path, 'x'))
  const [link, linkPath] = await finished('link', (path) => symlinkSync(outside, path))
  await lab.manager.remove(kept, { deleteFile: false })
  await lab.manager.remove(gone, { deleteFile: true })
  await lab.manager.remove(link, { deleteFile: true })
  assert.deepEqual(
    [keptPath, gonePath, linkPath, outside].map((path) => existsSync(path)),
    [true, false, true, true],
  )
  assert.equal(lab.manager.list(everything).total, 0)
})

test('a file that is no longer what was downloaded is not deleted, and stays listed', async (t) => {
  const lab = await openManagerLab(t)
  mkdirSync(lab.dir, { recursive: true })
  for (const [filename, content, mtimeMs] of [
    ['longer', 'mine', null],
    ['edited', 'x', 1000],
    ['same', 'x', 2000],
  ] as const) {
    const id = await lab.running({ filename })
    lab.engine.job(id).finish()
    await lab.is(id, 'completed')
    const path = join(lab.dir, filename)
    writeFileSync(path, content)
    utimesSync(path, 2, 2)
    if (mtimeMs !== null) lab.engine.known.set(path, { size: 1, mtimeMs })
    const removed = lab.manager.remove(id, { deleteFile: true })
    if (filename === 'same') await removed
    else await assert.rejects(removed, { code: 'wrong-state', message: /no longer the file that was downloaded/ })
    assert.equal(existsSync(path), filename !== 'same')
    assert.equal(
      lab.manager.list(everything).downloads.some((one) => one.id === id),
      filename !== 'same',
    )
  }
})

test('a running download that is removed is stopped, its part goes, and history calls it cancelled', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  await lab.manager.remove(id, { deleteFile: true })
  assert.equal(lab.engine.jobs.length, 0)
  assert.ok(lab.engine.calls.includes(`discard ${id}`))
  await assert.rejects(lab.manager.get(id), { code: 'not-found' })
  const { entries } = await lab.manager.history({ sort: 'date', descending: true, limit: 10, offset: 0 })
  assert.deepEqual(
    entries.map((entry) => [entry.id, entry.status]),
    [[id, 'cancelled']],
  )
})

test('what was cancelled starts again only when its part is gone', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  lab.engine.slow = true
  const job = lab.engine.job(id)
  await lab.manager.cancel(id)
  await lab.manager.retry(id)
  assert.equal(lab.engine.started.length, 1)
  lab.engine.slow = false
  job.letGo()
  await until(() => lab.engine.started.length === 2, 'it runs again')
  assert.deepEqual(lab.engine.calls.filter((call) => call.startsWith('discard')).length, 1)
})

test('a file that gets its name while it is being cancelled goes too', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running({ filename: 'late.bin' })
  lab.engine.slow = true
  const job = lab.engine.job(id)
  await lab.manager.cancel(id)
  writeFileSync(join(lab.dir, 'late.bin'), 'all of it')
  job.finish(9)
  await until(() => !existsSync(join(lab.dir, 'late.bin')), 'the file is gone')
  assert.equal((await lab.manager.get(id)).status, 'cancelled')
})

test('a retry after the remote file changed takes the new one', async (t) => {
  const lab = await openManagerLab(t)
  const id = await lab.running()
  lab.engine.job(id).fail('remote-changed')
  await lab.is(id, 'error')
  await lab.manager.retry(id)
  await lab.is(id, 'active')
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  assert.equal(lab.engine.job(id).request.options?.ifChanged, 'restart')
})

test('what history knows is fetched again, with its credentials only while it is listed', async (t) => {
  const lab = await openManagerLab(t)
  const reference = 'https://example.org/a?token=abc'
  const id = await lab.running({ reference, headers: { Cookie: 'a=b' }, filename: 'a.bin', dir: 'sub' })
  lab.engine.job(id).finish()
  await lab.is(id, 'completed')
  const again = await lab.manager.redownload(id)
  await until(() => lab.engine.jobs.length === 1, 'it runs')
  const { request } = lab.engine.job(again.id)
  assert.deepEqual([request.reference, request.output, request.dir], [reference, 'a.bin', join(lab.dir, 'sub')])
  assert.deepEqual(request.options?.headers, [['Cookie', 'a=b']])
  await lab.manager.remove(id, { deleteFile: false })
  await assert.rejects(lab.manager.redownload(id), { code: 'usage' })
  await lab.manager.removeHistory(id)
  await assert.rejects(lab.manager.redownload(id), { code: 'not-found' })
})
