import assert from 'node:assert/strict'
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import { scriptedEngine } from '../../test/support/scripted-engine.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { copyPath } from '../transfer/copy-verified.ts'

const content = 'what was downloaded'

interface Places {
  readonly from: string
  readonly to: string
  readonly copy: string
}

/** A manager as it finds things after it was killed when `atKill` had been done of a move; the other one's data is copied. */
async function killed(t: TestContext, atKill: (places: Places) => void) {
  const engine = scriptedEngine()
  const dataDir = join(temporaryFolder(t), 'data')
  const open = async () => ({
    ...engine,
    move: async ({ key, path, dir, name }: Parameters<typeof engine.move>[0]) => {
      atKill({ from: path, to: join(dir, name), copy: copyPath(dir, key) })
      cpSync(before.dataDir, dataDir, { recursive: true })
      return join(dir, name)
    },
  })
  const before = await openManagerLab(t, { engine: open })
  const { id } = await before.manager.add({ reference: 'https://example.org/a.bin' })
  await until(() => engine.jobs.some(({ key }) => key === id), 'it runs')
  engine.job(id).start(content.length, 'a.bin')
  writeFileSync(join(before.dir, 'a.bin'), content)
  utimesSync(join(before.dir, 'a.bin'), 1000, 2000)
  engine.job(id).finish()
  await before.is(id, 'completed')
  await before.manager.moveFile(id, { dir: 'new', filename: 'b.bin' })
  const after = await openManagerLab(t, {}, { dir: before.dir, dataDir })
  const { path, filename, missing } = after.of(id)
  const { entries } = await after.manager.history({ sort: 'date', descending: true, limit: 10, offset: 0 })
  assert.equal(entries[0]?.path, path)
  const name = (full: string): string => full.slice(before.dir.length + 1)
  const files = (folder: string): string[] => readdirSync(join(before.dir, folder)).sort()
  const there = [...files('').filter((one) => one !== 'new'), ...files('new').map((one) => `new/${one}`)]
  return { path: name(path), filename, missing, there, after, id }
}

function sameTime({ from, to }: Places): void {
  const { atime, mtime } = statSync(from)
  utimesSync(to, atime, mtime)
}

test('a file that had its new place when the daemon was killed is found there', async (t) => {
  const { path, filename, missing, there, after, id } = await killed(t, ({ from, to }) => renameSync(from, to))
  assert.deepEqual([path, filename, missing, there], ['new/b.bin', 'b.bin', false, ['new/b.bin']])
  const { timeline } = await after.manager.get(id)
  assert.deepEqual([timeline.at(-1)?.event, timeline.at(-1)?.detail?.endsWith('new/b.bin')], ['moved', true])
  await after.reopen()
  assert.equal((await after.manager.get(id)).timeline.length, timeline.length)
})

test('a file with both names loses the old one', async (t) => {
  const { path, there } = await killed(t, ({ from, to }) => linkSync(from, to))
  assert.deepEqual([path, there], ['new/b.bin', ['new/b.bin']])
})

test('a copy that was cut off is removed, and the file stays where it is', async (t) => {
  const { path, missing, there } = await killed(t, ({ copy }) => writeFileSync(copy, 'half'))
  assert.deepEqual([path, missing, there], ['a.bin', false, ['a.bin']])
})

test('a copy beside the file that is still there takes nothing away', async (t) => {
  const { path, there } = await killed(t, (places) => {
    copyFileSync(places.from, places.to)
    sameTime(places)
  })
  assert.deepEqual([path, there], ['a.bin', ['a.bin', 'new/b.bin']])
})

test('another file at the new place is not taken for it', async (t) => {
  for (const other of ['of another size', content.toUpperCase()]) {
    const { path, there } = await killed(t, ({ from, to }) => {
      mkdirSync(join(from, '..', 'new'), { recursive: true })
      writeFileSync(to, other)
      renameSync(from, join(from, '..', 'elsewhere'))
    })
    assert.deepEqual([path, there], ['a.bin', ['elsewhere', 'new/b.bin']])
  }
})
