import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply, begin, createRunState } from '../run-state.ts'
import { createLiveScreen } from './live.ts'
import type { Output } from './output.ts'

/** Two streams of one terminal: what was written to which, in order. */
function terminal(): { written: Array<[stream: string, text: string]>; output: (name: string) => Output } {
  const written: Array<[string, string]> = []
  const output = (name: string): Output => ({
    line: (text) => written.push([name, `${text}\n`]),
    raw: (text) => written.push([name, text]),
    flush: async () => {},
    problem: () => undefined,
    gone: () => false,
  })
  return { written, output }
}

test('running files move at the bottom at most ten times a second, messages and paths stay above', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { written, output } = terminal()
  const state = createRunState()
  const size = () => ({ columns: 40, rows: 24 })
  const live = createLiveScreen({ out: output('out'), err: output('err'), state, size, now: () => 0 })
  const take = () => written.splice(0)

  t.mock.timers.tick(100)
  assert.deepEqual(take(), [], 'nothing to show, nothing written')

  begin(state, 0, 'http://x/a')
  for (let bytesDone = 0; bytesDone < 50; bytesDone++) {
    apply(
      state,
      0,
      { type: 'progress', id: 0, reference: '', bytesDone, bytesTotal: 100, speed: 0, eta: null, connections: 1 },
      0,
    )
  }
  live.line('a message')
  t.mock.timers.tick(99)
  assert.deepEqual(take(), [], 'events alone draw nothing')
  t.mock.timers.tick(1)
  assert.deepEqual(take(), [['err', `a message\n\x1b[?25la${' '.repeat(28)}connecting\n`]])

  live.data('d/path')
  t.mock.timers.tick(100)
  assert.deepEqual(
    take().map(([stream, text]) => [stream, text.replace(/a +connecting/, 'LINE')]),
    [
      ['err', '\x1b[1A\r\x1b[J'],
      ['out', 'd/path\n'],
      ['err', 'LINE\n'],
    ],
  )

  live.line('last words')
  live.stop()
  assert.deepEqual(take(), [['err', '\x1b[1A\r\x1b[Jlast words\n\x1b[?25h']])
  live.line('after the end')
  assert.deepEqual(take(), [['err', 'after the end\n']])
  assert.equal(process.listenerCount('exit', live.stop), 0)
})

test('a terminal is never filled beyond its rows', (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const { written, output } = terminal()
  const state = createRunState()
  for (let index = 0; index < 30; index++) begin(state, index, `http://x/${index}`)
  const size = () => ({ columns: 80, rows: 10 })
  const live = createLiveScreen({ out: output('out'), err: output('err'), state, size, now: () => 0 })
  t.mock.timers.tick(100)
  const lines = (written[0]?.[1] ?? '').split('\n').filter((line) => line !== '')
  assert.equal(lines.length, 9)
  assert.match(lines[8] ?? '', /^0 done, 30 running/)
  live.stop()
})
