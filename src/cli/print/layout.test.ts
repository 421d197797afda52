import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRunState } from '../run-state.ts'
import type { RunningFile } from '../run-state.ts'
import { clock, fileLine, totalLine } from './layout.ts'
import { columnsOf } from './width.ts'

const MiB = 1024 ** 2

function file(changes: Partial<RunningFile> = {}): RunningFile {
  const reference = 'https://example.org/debian-13.2.0-amd64-netinst.iso'
  const numbers = { bytesDone: 288 * MiB, bytesTotal: 640 * MiB, speed: 12.3 * MiB, eta: 28.6, connections: 4 }
  return {
    reference,
    path: 'd/debian-13.2.0-amd64-netinst.iso',
    title: undefined,
    retryAt: undefined,
    ...numbers,
    ...changes,
  }
}

test('a progress line says all it knows where there is room, and the most important where there is not', () => {
  const lines: Array<[number, string]> = [
    [119, 'debian-13.2.0-amd64-netinst.iso           45%   288.00 MiB / 640.00 MiB    12.30 MiB/s      0:29   4x'],
    [79, 'debian-13…inst.iso  45%   288.00 MiB / 640.00 MiB    12.30 MiB/s      0:29   4x'],
    [39, 'debi….iso  45%    12.30 MiB/s      0:29'],
    [20, 'debian-…nst.iso  45%'],
  ]
  for (const [columns, line] of lines) assert.equal(fileLine(file(), columns, 0), line)
})

test('an unknown total is a question mark, at every width', () => {
  const unknown = file({ bytesTotal: null, eta: null, bytesDone: 12 * MiB })
  for (const columns of [39, 79, 119]) assert.match(fileLine(unknown, columns, 0), /12\.00 MiB \/ \?/)
})

test('a file that waits says when it goes on, one that connects says so', () => {
  assert.match(fileLine(file({ retryAt: 5000 }), 60, 1500), /next try in 4 s$/)
  assert.match(fileLine(file({ path: undefined }), 60, 0), /connecting$/)
})

test('100 % is never shown before the end', () => {
  assert.match(fileLine(file({ bytesDone: 640 * MiB }), 79, 0), / 99% /)
})

test('no line is wider than the terminal', () => {
  const total = fc.option(fc.integer({ min: 0, max: 2 ** 50 }))
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 200 }),
      fc.string({ unit: 'grapheme' }),
      total,
      fc.nat(),
      (columns, name, bytesTotal, speed) => {
        const one = file({ path: `d/${name}`, bytesTotal, speed, eta: speed })
        assert.ok(columnsOf(fileLine(one, columns, 0)) <= columns)
        const state = createRunState()
        state.running.set(0, one)
        assert.ok(columnsOf(totalLine(state, columns)) <= columns)
      },
    ),
  )
})

test('the total line counts files and adds up bytes and speeds; a time is promised only when all have begun', () => {
  const state = createRunState()
  state.running.set(0, file()).set(1, file())
  Object.assign(state, { completed: 7, failed: 1, bytes: 1024 * MiB })
  assert.equal(totalLine(state, 79), '7 done, 1 failed, 2 running                  1.56 GiB    24.60 MiB/s')
  state.allStarted = true
  assert.match(totalLine(state, 79), /0:29$/)
  assert.equal(totalLine(state, 39), '7 done, 1 failed            24.60 MiB/s')
})

test('the clock is short', () => {
  const samples: Array<[number, string]> = [
    [0, '0:00'],
    [6.2, '0:07'],
    [725, '12:05'],
    [3723, '1:02:03'],
    [4 * 86_400 + 5 * 3600, '4d 05h'],
    [1e9, '>99d'],
  ]
  for (const [seconds, text] of samples) assert.equal(clock(seconds), text)
})
