import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TransferEvent } from '../transfer/types.ts'
import { joinTransfers } from './join-transfers.ts'

const start = (bytesTotal: number | null, resumedFrom = 0): TransferEvent => ({
  type: 'start',
  id: 1,
  reference: 'r',
  url: 'u',
  path: '/p',
  bytesTotal,
  resumedFrom,
})
const progress = (bytesDone: number, bytesTotal: number | null, speed = 10): TransferEvent => ({
  type: 'progress',
  id: 1,
  reference: 'r',
  bytesDone,
  bytesTotal,
  speed,
  eta: null,
  connections: 1,
})

function told(
  sizes: readonly number[],
  events: ReadonlyArray<readonly [index: number, event: TransferEvent]>,
): TransferEvent[] {
  const heard: TransferEvent[] = []
  const listeners = joinTransfers(sizes, (event) => void heard.push(event))
  for (const [index, event] of events) listeners[index]?.(event)
  return heard
}

describe('several transfers told as one', () => {
  it('begins once and counts all bytes', () => {
    const events = told(
      [100, 50],
      [
        [0, start(100, 20)],
        [0, progress(60, 100)],
        [1, start(50)],
        [1, progress(50, 50)],
      ],
    )
    assert.deepEqual(
      events.map((event) => event.type),
      ['start', 'progress', 'progress'],
    )
    assert.partialDeepStrictEqual(events[0], { bytesTotal: 150, resumedFrom: 20 })
    assert.partialDeepStrictEqual(events[1], { bytesDone: 60, bytesTotal: 150, eta: 9 })
    assert.partialDeepStrictEqual(events[2], { bytesDone: 150, bytesTotal: 150, eta: 0 })
  })

  it('knows no total where a size is not known, and takes that of the answer for a single file', () => {
    assert.partialDeepStrictEqual(told([0, 50], [[0, start(100)]])[0], { bytesTotal: null })
    assert.partialDeepStrictEqual(told([0], [[0, progress(10, 100)]])[0], { bytesTotal: 100 })
    assert.partialDeepStrictEqual(told([0], [[0, progress(10, null)]])[0], { bytesTotal: null, eta: null })
  })

  it('passes warnings on, and no end', () => {
    const warning: TransferEvent = { type: 'warning', id: 1, reference: 'r', code: 'stalled', message: 'm' }
    const done: TransferEvent = {
      type: 'completed',
      id: 1,
      reference: 'r',
      path: '/p',
      bytes: 1,
      seconds: 1,
      verdict: 'verified',
      digests: {},
      alreadyThere: false,
    }
    assert.deepEqual(
      told(
        [1],
        [
          [0, warning],
          [0, done],
        ],
      ),
      [warning],
    )
  })
})
