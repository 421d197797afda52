import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import { addRange, gaps, totalBytes } from '../core/ranges.ts'
import type { Range, RangeSet } from '../core/ranges.ts'
import { noValidators } from '../core/validators.ts'
import { checkpoint, checkpointIfDue } from './checkpoint.ts'
import { readSession } from './session.ts'
import type { Lane, Transfer } from './state.ts'

const size = 1000
const id = 'dl-0123456789abcdef'

/** A part file that lets the test say when bytes are written and when they are on the disk. */
interface Bench {
  readonly transfer: Transfer
  readonly failures: unknown[]
  now: number
  /** Bytes that have been written, and those of them that a crash cannot take back. */
  written: RangeSet
  durable: RangeSet
  pending: Range[]
  /** What runs when a sync is asked for; it settles with it. */
  onSync: () => Promise<void>
  claimed(): RangeSet
}

function bench(t: TestContext): Bench {
  const folder = temporaryFolder(t)
  const state: Bench = {
    now: 0,
    written: [],
    durable: [],
    pending: [],
    failures: [],
    onSync: () => Promise.resolve(),
    claimed: () => readSession(folder, id)?.done ?? [],
    transfer: {
      env: { clock: () => state.now, options: { sync: true } },
      request: {},
      sessionId: id,
      locations: [],
      name: 'f.bin',
      type: null,
      known: { size, validators: noValidators },
      folder,
      sync: true,
      lock: { refresh() {}, release() {} },
      file: {
        path: '/somewhere/f.bin.part',
        underWay: () => state.pending,
        async sync() {
          const { written } = state
          await state.onSync()
          for (const [start, end] of written) state.durable = addRange(state.durable, start, end)
        },
      },
      done: [],
      lanes: new Set<Lane>(),
      received: 0,
      checkpointAt: 0,
      checkpointBytes: 0,
      checkpointing: null,
      ending: null,
      fail: (error: unknown) => state.failures.push(error),
    } as unknown as Transfer,
  }
  return state
}

/** A property that others change, told to the compiler. */
const running = (state: Bench): Promise<void> | null => state.transfer.checkpointing

function lane(start: number, position: number): Lane {
  return { start, position, end: size } as Lane
}

function assertHonest({ claimed, durable }: Bench): void {
  const lost = claimed().flatMap(([start, end]) =>
    gaps(
      durable.map(([s, e]): Range => [s - start, e - start]).filter(([s, e]) => e > 0 && s < end - start),
      end - start,
    ),
  )
  assert.equal(totalBytes(lost), 0, `claimed ${JSON.stringify(claimed())}, on the disk ${JSON.stringify(durable)}`)
}

test('the session claims finished and running ranges, after they are on the disk', async (t) => {
  const state = bench(t)
  const order: string[] = []
  state.written = [
    [0, 300],
    [500, 600],
  ]
  state.transfer.done = [[0, 200]]
  state.transfer.lanes = new Set([lane(200, 300), lane(500, 600)])
  state.onSync = async () => {
    order.push(`sync, claimed ${JSON.stringify(state.claimed())}`)
    await new Promise(setImmediate)
  }
  await checkpoint(state.transfer)
  assert.deepEqual(order, ['sync, claimed []'])
  assert.deepEqual(state.claimed(), [
    [0, 300],
    [500, 600],
  ])
})

test('bytes that another thread is still writing are not claimed', async (t) => {
  const state = bench(t)
  state.transfer.lanes = new Set([lane(0, 300)])
  state.pending = [[100, 200]]
  await checkpoint(state.transfer)
  assert.deepEqual(state.claimed(), [
    [0, 100],
    [200, 300],
  ])
})

test('bytes that come while the disk is at work wait for the next checkpoint', async (t) => {
  const state = bench(t)
  const flowing = lane(0, 100)
  state.transfer.lanes = new Set([flowing])
  const disk = Promise.withResolvers<void>()
  state.onSync = () => disk.promise
  const first = checkpoint(state.transfer)
  flowing.position = 400
  const joined = checkpoint(state.transfer)
  disk.resolve()
  await Promise.all([first, joined])
  assert.deepEqual(state.claimed(), [[0, 100]])
  await checkpoint(state.transfer)
  assert.deepEqual(state.claimed(), [[0, 400]])
})

test('when the disk fails nothing new is claimed', async (t) => {
  const state = bench(t)
  state.transfer.done = [[0, 100]]
  await checkpoint(state.transfer)
  state.transfer.done = [[0, 500]]
  state.onSync = () => Promise.reject(new Error('the disk is broken'))
  await assert.rejects(checkpoint(state.transfer))
  assert.deepEqual(state.claimed(), [[0, 100]])
})

test('a failure of a checkpoint that was due ends the transfer', async (t) => {
  const state = bench(t)
  Object.assign(state.transfer, { received: 100 })
  state.onSync = () => Promise.reject(new Error('the disk is broken'))
  state.now = 60_000
  checkpointIfDue(state.transfer)
  await running(state)?.catch(() => {})
  await new Promise(setImmediate)
  assert.equal(state.failures.length, 1)
})

test('a checkpoint is due after two seconds at most, and only when bytes have come', async (t) => {
  const state = bench(t)
  state.now = 60_000
  checkpointIfDue(state.transfer)
  assert.equal(running(state), null)
  Object.assign(state.transfer, { received: 1 })
  checkpointIfDue(state.transfer)
  await running(state)
  assert.equal(state.transfer.checkpointAt, 60_000)
  Object.assign(state.transfer, { received: 2 })
  checkpointIfDue(state.transfer)
  assert.equal(running(state), null)
  state.now += 2000
  checkpointIfDue(state.transfer)
  assert.notEqual(running(state), null)
  await running(state)
})

test('without sync, where the file lies in memory, the disk is left alone', async (t) => {
  const state = bench(t)
  Object.assign(state.transfer, { sync: false, done: [[0, 100]] })
  state.onSync = () => assert.fail('no sync is wanted')
  await checkpoint(state.transfer)
  assert.deepEqual(state.claimed(), [[0, 100]])
})

test('property: whatever happens in whatever order, no session claims a byte that a crash could take back', async (t) => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), bytes: fc.integer({ min: 1, max: 60 }), which: fc.nat(2) }),
    fc.record({ kind: fc.constant('later' as const), bytes: fc.integer({ min: 1, max: 60 }), which: fc.nat(2) }),
    fc.record({ kind: fc.constantFrom('settle' as const, 'checkpoint' as const, 'synced' as const, 'wait' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const state = bench(t)
      const lanes = [lane(0, 0), lane(300, 300), lane(600, 600)]
      state.transfer.lanes = new Set(lanes)
      let disk: Array<() => void> = []
      state.onSync = () => new Promise((resolve) => disk.push(resolve))
      const begun: Array<Promise<void>> = []
      for (const step of acts) {
        if (step.kind === 'write' || step.kind === 'later') {
          const one = lanes[step.which] ?? lane(0, 0)
          const range: Range = [one.position, Math.min(one.position + step.bytes, one.start + 300)]
          if (range[0] === range[1]) continue
          if (step.kind === 'later') state.pending = [...state.pending, range]
          else state.written = addRange(state.written, ...range)
          one.position = range[1]
        } else if (step.kind === 'settle') {
          for (const range of state.pending) state.written = addRange(state.written, ...range)
          state.pending = []
        } else if (step.kind === 'checkpoint') {
          begun.push(checkpoint(state.transfer))
        } else if (step.kind === 'synced') {
          for (const go of disk.splice(0)) go()
        } else {
          await new Promise(setImmediate)
        }
        assertHonest(state)
      }
      state.onSync = () => Promise.resolve()
      for (const go of disk) go()
      disk = []
      await Promise.all(begun)
      assertHonest(state)
    }),
    { numRuns: 60 },
  )
})
