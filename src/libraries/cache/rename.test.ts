import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renamePatiently } from './rename.ts'

/** A disk that refuses `refusals` times, and how long it was waited. */
async function renamed(platform: NodeJS.Platform, refusals: number, code = 'EPERM') {
  let clock = 0
  let tries = 0
  const context = { platform, now: () => clock, pause: async (ms: number) => void (clock += ms) }
  const move = async (): Promise<void> => {
    if (tries++ < refusals) throw Object.assign(new Error(code), { code, syscall: 'rename' })
  }
  const outcome = await renamePatiently('a', 'b', context, move).then(
    () => 'done',
    (error: NodeJS.ErrnoException) => error.code,
  )
  return { outcome, tries, waited: clock }
}

test('Windows is asked again while something holds the folder, for ten seconds at most', async () => {
  assert.deepEqual(await renamed('win32', 3, 'EBUSY'), { outcome: 'done', tries: 4, waited: 140 })
  const { outcome, waited } = await renamed('win32', Infinity)
  assert.equal(outcome, 'EPERM')
  assert.ok(waited >= 10_000 && waited < 11_000, String(waited))
})

test('what time does not mend is told at once', async () => {
  assert.deepEqual(await renamed('win32', 1, 'ENOENT'), { outcome: 'ENOENT', tries: 1, waited: 0 })
  assert.deepEqual(await renamed('linux', 1), { outcome: 'EPERM', tries: 1, waited: 0 })
})
