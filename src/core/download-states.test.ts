import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { downloadMoves, downloadStatuses, nextStatus } from './download-states.ts'
import type { DownloadAction, DownloadStatus } from './download-states.ts'

const actions: readonly DownloadAction[] = [
  'validate',
  'accept',
  'hold',
  'reject',
  'start',
  'requeue',
  'complete',
  'fail',
  'pause',
  'resume',
  'cancel',
  'retry',
]
const anyActions = fc.array(fc.constantFrom(...actions), { maxLength: 50 })

function after(sequence: readonly DownloadAction[], from: DownloadStatus = 'created'): DownloadStatus {
  return sequence.reduce((status, action) => nextStatus(status, action) ?? status, from)
}

test('no sequence of actions reaches a state that is not defined', () => {
  fc.assert(fc.property(anyActions, (sequence) => assert.ok(downloadStatuses.includes(after(sequence)))))
})

test('only a running download completes, and what is complete stays so', () => {
  fc.assert(
    fc.property(anyActions, anyActions, (before, later) => {
      const status = after(before)
      if (nextStatus(status, 'complete') !== null) assert.equal(status, 'active')
      assert.equal(after(later, 'completed'), 'completed')
    }),
  )
})

test('a download that runs was queued right before', () => {
  for (const status of downloadStatuses)
    for (const action of actions) if (nextStatus(status, action) === 'active') assert.equal(status, 'queued')
})

test('whatever is not complete can be cancelled, and what was cancelled or failed can be tried again', () => {
  for (const status of downloadStatuses)
    if (status !== 'completed' && status !== 'cancelled')
      assert.equal(nextStatus(status, 'cancel'), 'cancelled', status)
  assert.equal(nextStatus('cancelled', 'retry'), 'queued')
  assert.equal(nextStatus('error', 'retry'), 'queued')
  assert.equal(nextStatus('completed', 'retry'), null)
})

test('pausing is for what runs or waits, resuming leads back to the queue', () => {
  const pausable = downloadStatuses.filter((status) => nextStatus(status, 'pause') === 'paused')
  assert.deepEqual(pausable, ['validating', 'queued', 'active'])
  const resumable = downloadStatuses.filter((status) => nextStatus(status, 'resume') !== null)
  assert.deepEqual(resumable, ['paused'])
  assert.equal(nextStatus('paused', 'resume'), 'queued')
})

test('every state can be reached from the first', () => {
  const reached = new Set<DownloadStatus>(['created'])
  for (const status of reached) for (const next of Object.values(downloadMoves[status])) reached.add(next)
  assert.deepEqual([...reached].toSorted(), downloadStatuses.toSorted())
})
