import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { openManagerLab, until } from '../../test/support/manager-lab.ts'
import type { ManagerLab } from '../../test/support/manager-lab.ts'
import { downloadMoves, downloadStatuses } from '../core/download-states.ts'
import { SluiceError } from '../core/errors.ts'

/** What can happen, in any order; `at` chooses one of the downloads, and means nothing where there is none. */
const anyStep = fc.oneof(
  fc.record({ do: fc.constantFrom('add', 'add-paused'), at: fc.integer({ min: 1, max: 10 }) }),
  fc.record({
    do: fc.constantFrom('pause', 'resume', 'cancel', 'retry', 'remove', 'top', 'bottom', 'place'),
    at: fc.nat(5),
  }),
  fc.record({ do: fc.constantFrom('pause', 'resume', 'cancel', 'retry'), at: fc.nat(2) }),
  fc.record({
    do: fc.constantFrom('finish', 'fail', 'fail-for-good', 'disk-full', 'progress', 'let-go'),
    at: fc.nat(5),
  }),
  fc.record({ do: fc.constantFrom('pause', 'resume', 'cancel', 'retry'), at: fc.nat(2) }),
  fc.record({ do: fc.constantFrom('cap'), at: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constantFrom('pause-all', 'resume-all', 'slow', 'fast', 'restart', 'wait'), at: fc.nat(30) }),
)
const anyStart = fc.record({
  cap: fc.integer({ min: 1, max: 4 }),
  slow: fc.boolean(),
  adds: fc.integer({ min: 0, max: 5 }),
})
type Start = { readonly cap: number; readonly slow: boolean; readonly adds: number }
type Step = { readonly do: string; readonly at: number }

test('whatever users, servers and restarts do: states by the table, never more than the cap, nothing twice', async (t) => {
  await fc.assert(
    fc.asyncProperty(anyStart, fc.array(anyStep, { minLength: 5, maxLength: 40 }), (start, steps) =>
      live(t, start, steps),
    ),
    { numRuns: 50, interruptAfterTimeLimit: 20_000 },
  )
})

async function live(t: TestContext, start: Start, steps: readonly Step[]): Promise<void> {
  const lab = await openManagerLab(t)
  const ids: string[] = []
  let { cap } = start
  await lab.manager.changeSettings({ maxConcurrent: cap })
  setSlow(lab, start.slow)
  for (let count = 0; count < start.adds; count++) ids.push(await lab.add())
  /** The cap holds for those that are active; stopped ones may take a moment to go. */
  const check = (): void => {
    const active = lab.manager.events.snapshot().counts.active
    assert.ok(active <= cap, `${active} active with a cap of ${cap}`)
  }
  lab.engine.onStart = () => {
    const { length } = lab.engine.jobs
    if (length > cap) lab.engine.faults.push(`${length} at the engine with a cap of ${cap}`)
  }
  const stop = lab.manager.events.listen(check)
  try {
    for (const step of steps) {
      if (step.do === 'cap') cap = Math.max(cap, step.at)
      await take(lab, step, ids)
      if (step.do === 'cap') {
        await until(() => lab.manager.events.snapshot().counts.active <= step.at, 'the cap holds')
        cap = step.at
      }
      check()
      assert.deepEqual(lab.engine.faults, [])
      await inOrder(lab, ids)
    }
    setSlow(lab, false)
    await until(() => nobodyForgotten(lab, cap), 'every free place is taken')
  } finally {
    stop()
    lab.engine.slow = false
    for (const job of lab.engine.jobs) if (job.stopped) job.letGo()
    await lab.manager.close()
  }
  assert.deepEqual(
    lab.log.lines.filter((line) => line.startsWith('error')),
    [],
  )
}

async function take(lab: ManagerLab, { do: what, at }: Step, ids: string[]): Promise<void> {
  const { manager, engine } = lab
  const id = ids[at % Math.max(1, ids.length)] ?? 'dl-0000000000000000'
  const job = engine.jobs[at % Math.max(1, engine.jobs.length)]
  if (what === 'add' || what === 'add-paused') ids.push(await lab.add({ priority: at, paused: what === 'add-paused' }))
  else if (what === 'pause' || what === 'resume' || what === 'cancel' || what === 'retry')
    await allowed(manager[what](id))
  else if (what === 'remove') {
    if (lab.engine.slow) return
    await allowed(manager.remove(id, { deleteFile: true }))
  } else if (what === 'top' || what === 'bottom') await allowed(manager.move(id, what))
  else if (what === 'place') await allowed(manager.move(id, (at % 5) + 1))
  else if (what === 'finish') job?.finish()
  else if (what === 'fail') job?.fail('connection-lost')
  else if (what === 'fail-for-good') job?.fail('http-not-found')
  else if (what === 'disk-full') job?.fail('disk-full')
  else if (what === 'progress') job?.progress(at)
  else if (what === 'let-go' && job?.stopped) job.letGo()
  else if (what === 'cap') await manager.changeSettings({ maxConcurrent: at })
  else if (what === 'pause-all') await manager.pauseAll()
  else if (what === 'resume-all') await manager.resumeAll()
  else if (what === 'slow' || what === 'fast') setSlow(lab, what === 'slow')
  else if (what === 'restart') {
    setSlow(lab, false)
    await lab.reopen()
  }
  await sleep(at % 3)
}

function setSlow({ engine }: ManagerLab, slow: boolean): void {
  engine.slow = slow
  if (!slow) for (const job of engine.jobs) if (job.stopped) job.letGo()
}

/** Refusals are right answers, faults are not. */
async function allowed(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!(error instanceof SluiceError) || (error.code !== 'wrong-state' && error.code !== 'not-found')) throw error
  }
}

function nobodyForgotten({ manager }: ManagerLab, cap: number): boolean {
  const { downloads, counts } = manager.events.snapshot()
  return counts.active === cap || downloads.every((one) => one.status !== 'queued' || one.waitingFor !== null)
}

/** Every step of every timeline is a move of the table. */
async function inOrder({ manager }: ManagerLab, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const found = await manager.get(id).catch(() => null)
    if (found === null) continue
    const states = found.timeline.map((step) => downloadStatuses.find((status) => status === step.event))
    const reached = states.filter((status) => status !== undefined)
    assert.deepEqual([reached[0], reached.at(-1)], ['created', found.status])
    for (const [at, status] of reached.entries()) {
      const before = reached[at - 1]
      if (before) assert.ok(Object.values(downloadMoves[before]).includes(status), `${before} to ${status}`)
    }
  }
}
