import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { SluiceError } from '../../core/errors.ts'
import type { Finished, TransferEvent } from '../../transfer/types.ts'
import { apply, begin, createRunState } from '../run-state.ts'
import { createJsonPrinter } from './json.ts'
import type { Output } from './output.ts'
import { createPathPrinter } from './paths.ts'
import { createTextPrinter } from './text.ts'
import { progressLines } from './ticker.ts'
import { interruptedLine, previewLines } from './words.ts'

const MiB = 1024 ** 2
const reference = 'http://example.org/64m'

const start = {
  type: 'start',
  id: 0,
  reference,
  url: reference,
  path: 'd/64m',
  bytesTotal: 64 * MiB,
  resumedFrom: 0,
} as const
const finished: Finished = {
  reference,
  path: 'd/64m',
  bytes: 64 * MiB,
  seconds: 0.5,
  verdict: 'verified',
  digests: { sha256: 'ab' },
  alreadyThere: false,
}
const summary = { files: 3, completed: 2, failed: 1, bytes: 65 * MiB, seconds: 71, exitCode: 4 }

function progress(bytesDone: number): TransferEvent {
  return {
    type: 'progress',
    id: 0,
    reference,
    bytesDone,
    bytesTotal: 64 * MiB,
    speed: 1234.6,
    eta: 3.2,
    connections: 2,
  }
}

function textOf(events: readonly TransferEvent[], options = { verbose: false, quiet: false, starts: true }): string[] {
  const lines: string[] = []
  const printer = createTextPrinter({ line: (text) => lines.push(text), ...options })
  for (const event of events) printer.event(0, event)
  return lines
}

test('a run is told in words: beginning, end with bytes, time, speed and verdict', () => {
  assert.deepEqual(textOf([start, progress(1), { type: 'completed', id: 0, ...finished }]), [
    '64m: 64.00 MiB',
    '64m: 64.00 MiB in 0.5 s (128.00 MiB/s), verified (sha256)',
  ])
  const ends: Array<[Partial<Finished>, string]> = [
    [
      { verdict: 'length-only', digests: {}, seconds: 0.05 },
      '64m: 64.00 MiB in 50 ms (1.25 GiB/s), length only: no digest was known',
    ],
    [{ verdict: 'unverified', seconds: 0 }, '64m: 64.00 MiB in 0 ms, unverified: neither length nor digest was known'],
    [{ alreadyThere: true }, '64m: already there (64.00 MiB), nothing fetched'],
    [{ path: 'd/a\x1b[31m\u202eb', seconds: 64 }, 'ab: 64.00 MiB in 1 min 4 s (1.00 MiB/s), verified (sha256)'],
  ]
  for (const [changes, line] of ends)
    assert.deepEqual(textOf([{ type: 'completed', id: 0, ...finished, ...changes }]), [line])
  assert.deepEqual(textOf([{ ...start, resumedFrom: MiB }]), ['64m: 64.00 MiB, going on from 1.00 MiB'])
  assert.deepEqual(textOf([{ ...start, resumedFrom: 64 * MiB }]), ['64m: 64.00 MiB, all of it is here'])
  assert.deepEqual(textOf([{ ...start, bytesTotal: null }]), ['64m: size unknown'])
})

test('an error says what happened and what to do; what lies behind it only when asked for', () => {
  const error = new SluiceError('dns', 'There is no\x1b[2J host x.', {
    cause: new Error('ENOTFOUND', { cause: new Error('deeper') }),
  })
  const event: TransferEvent = { type: 'error', id: 0, reference: 'http://user:secret@x/f?token=abc', error }
  const said = ['http://x/f?token=…: There is no host x.', '  Check the host name and the network connection.']
  assert.deepEqual(textOf([event]), said)
  assert.deepEqual(textOf([event], { verbose: false, quiet: true, starts: true }), said)
  assert.deepEqual(textOf([event], { verbose: true, quiet: false, starts: true }), [
    ...said,
    '  because: ENOTFOUND',
    '  because: deeper',
  ])
})

test('retries and redirects are told only when asked for, warnings unless quiet', () => {
  const events: TransferEvent[] = [
    { ...start, url: 'https://cdn.example.org/64m?sig=1' },
    { type: 'retry', id: 0, reference, code: 'dns', message: 'No such host.', delay: 2, attempt: 3 },
    { type: 'warning', id: 0, reference, code: 'insecure', message: 'Careful.' },
    { type: 'warning', id: 0, reference, code: 'connections-capped', message: 'Staying at 4.' },
  ]
  assert.deepEqual(textOf(events), ['64m: 64.00 MiB', `${reference}: Careful.`])
  assert.deepEqual(textOf(events, { verbose: true, quiet: false, starts: false }), [
    `${reference}: comes from https://cdn.example.org/64m?sig=…`,
    `${reference}: No such host. Attempt 3 in 2 s.`,
    `${reference}: Careful.`,
    `${reference}: Staying at 4.`,
  ])
  assert.deepEqual(textOf(events, { verbose: true, quiet: true, starts: true }), [])
})

test('several files end with a line about all of them', () => {
  const lines: string[] = []
  const printer = createTextPrinter({ line: (text) => lines.push(text), verbose: false, quiet: false, starts: true })
  printer.finish(summary)
  printer.finish({ ...summary, files: 1 })
  assert.deepEqual(lines, ['3 files: 2 completed (65.00 MiB), 1 failed, in 1 min 11 s'])
})

test('stdout gets the path of each finished file and nothing else', () => {
  const lines: string[] = []
  const printer = createPathPrinter((text) => lines.push(text))
  for (const event of [start, progress(1), { type: 'completed', id: 0, ...finished } as const]) printer.event(0, event)
  assert.deepEqual(lines, ['d/64m'])
})

function jsonRun(): {
  feed: (event: TransferEvent) => void
  objects: () => Array<Record<string, unknown>>
  finish: () => void
  at: (ms: number) => void
} {
  const lines: string[] = []
  const out: Output = {
    line: (text) => lines.push(text),
    raw: assert.fail,
    flush: async () => {},
    problem: () => undefined,
    gone: () => false,
  }
  const state = createRunState()
  let now = 0
  const printer = createJsonPrinter(out, state, () => now)
  begin(state, 0, reference)
  return {
    feed(event) {
      apply(state, 0, event, now)
      printer.event(0, event)
    },
    objects: () => lines.map((line): Record<string, unknown> => JSON.parse(line)),
    finish: () => printer.finish({ ...summary, seconds: 1.23456 }),
    at(ms) {
      for (; now < ms; now += 250) mock.timers.tick(250)
    },
  }
}

test('JSON has exactly the fields of the contract', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const run = jsonRun()
  run.feed(start)
  run.feed(progress(MiB))
  run.feed({ type: 'warning', id: 0, reference, code: 'x', message: 'w' })
  run.feed({ type: 'retry', id: 0, reference, code: 'dns', message: 'm', delay: 1.23456, attempt: 1 })
  run.feed({ type: 'completed', id: 0, ...finished })
  run.feed({
    type: 'error',
    id: 0,
    reference: 'http://u:p@h/',
    error: new SluiceError('http-busy', 'Busy.', { hint: 'Later.' }),
  })
  run.finish()
  assert.deepEqual(run.objects(), [
    { type: 'start', reference, url: reference, path: 'd/64m', bytesTotal: 64 * MiB, resumedFrom: 0 },
    { type: 'progress', reference, bytesDone: MiB, bytesTotal: 64 * MiB, speed: 1235, eta: 4, connections: 2 },
    { type: 'warning', reference, code: 'x', message: 'w' },
    { type: 'retry', reference, code: 'dns', message: 'm', delay: 1.235, attempt: 1 },
    {
      type: 'completed',
      reference,
      path: 'd/64m',
      bytes: 64 * MiB,
      seconds: 0.5,
      verdict: 'verified',
      digests: { sha256: 'ab' },
      alreadyThere: false,
    },
    { type: 'error', reference: 'http://h/', code: 'http-busy', message: 'Busy.', hint: 'Later.', retryable: true },
    { type: 'summary', files: 3, completed: 2, failed: 1, bytes: 65 * MiB, seconds: 1.235, exitCode: 4 },
  ])
})

test('JSON progress comes once or twice a second and at least every second, even when nothing moves', () => {
  mock.timers.enable({ apis: ['setInterval'] })
  const run = jsonRun()
  run.feed(start)
  for (let ms = 0; ms <= 5000; ms += 100) {
    run.feed(progress(ms))
    run.at(ms)
  }
  const moving = run.objects().filter((object) => object['type'] === 'progress').length
  assert.ok(moving >= 5 && moving <= 10, `${moving} in 5 s of traffic`)
  run.at(10_000)
  const stalled = run.objects().filter((object) => object['type'] === 'progress').length - moving
  assert.ok(stalled >= 5 && stalled <= 10, `${stalled} in 5 s of silence`)
  mock.timers.reset()
})

test('logs are told every file while they are few, else one sum', () => {
  const state = createRunState()
  begin(state, 0, reference)
  assert.deepEqual(progressLines(state), [])
  apply(state, 0, start, 0)
  apply(state, 0, progress(32 * MiB), 0)
  assert.deepEqual(progressLines(state), ['64m: 32.00 MiB / 64.00 MiB, 1.21 KiB/s, 3 s left'])
  for (let index = 1; index < 6; index++) begin(state, index, reference)
  assert.deepEqual(progressLines(state), ['0 done, 6 running: 32.00 MiB, 1.21 KiB/s'])
})

test('an interrupt tells what is kept and how to go on', () => {
  const state = createRunState()
  const again = 'Run the same line again to go on.'
  begin(state, 0, reference)
  assert.equal(interruptedLine(state), `Interrupted: no part of a file was left. ${again}`)
  apply(state, 0, start, 0)
  apply(state, 0, progress(12.3 * MiB), 0)
  assert.equal(interruptedLine(state), `Interrupted: 12.30 MiB of 64.00 MiB kept. ${again}`)
  apply(state, 0, { type: 'error', id: 0, reference, error: new SluiceError('interrupted', 'x') }, 0)
  assert.equal(interruptedLine(state), `Interrupted: 12.30 MiB of 64.00 MiB kept. ${again}`)
  begin(state, 1, reference)
  apply(state, 1, start, 0)
  apply(state, 1, progress(MiB), 0)
  assert.equal(interruptedLine(state), `Interrupted: 2 parts with 13.30 MiB kept. ${again}`)
})

test('a dry run tells name, size in both ways, type, and what is possible', () => {
  const preview = {
    reference,
    url: reference,
    filename: '64m',
    size: 64 * MiB,
    type: 'text/plain',
    resumable: true,
    digestKnown: false,
  }
  assert.deepEqual(previewLines(preview), [
    '64m',
    '  size:         64.00 MiB (67108864 bytes)',
    '  type:         text/plain',
    '  resumable:    yes',
    '  digest known: no',
  ])
  assert.equal(previewLines({ ...preview, size: null })[1], '  size:         unknown')
})
