import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../../src/core/errors.ts'
import type { DownloadDetail } from '../../src/server/api-types.ts'
import { pollDetail } from './poll-detail.ts'

const withStatus = (status: DownloadDetail['status']) => ({ status }) as DownloadDetail

/** Runs the poll over these answers; when they are used up it is ended from outside. */
async function polled(answers: ReadonlyArray<DownloadDetail | SluiceError>) {
  const ending = new AbortController()
  const told: string[] = []
  const left = [...answers]
  await pollDetail({
    async get() {
      const next = left.shift()
      if (next === undefined) throw new SluiceError('internal', 'asked too often')
      if (next instanceof SluiceError) throw next
      return next
    },
    async wait(ms) {
      told.push(`wait ${ms}`)
      if (left.length === 0) ending.abort()
    },
    onDetail: ({ status }) => told.push(status),
    onError: ({ code }) => told.push(code),
    signal: ending.signal,
  })
  return told
}

test('an active download is asked for each second until it ends', async () => {
  const told = await polled([withStatus('active'), withStatus('active'), withStatus('completed')])
  assert.deepEqual(told, ['active', 'wait 1000', 'active', 'wait 1000', 'completed'])
})

test('one that does not move is asked for once', async () => {
  assert.deepEqual(await polled([withStatus('paused')]), ['paused'])
})

test('one that is gone is not asked for again', async () => {
  assert.deepEqual(await polled([new SluiceError('not-found', 'gone')]), ['not-found'])
})

test('after another failure it is tried again', async () => {
  const told = await polled([new SluiceError('connect-refused', 'down'), withStatus('queued')])
  assert.deepEqual(told, ['connect-refused', 'wait 5000', 'queued'])
})

test('an answer that comes after the end is told to nobody', async () => {
  const ending = new AbortController()
  const told: string[] = []
  await pollDetail({
    async get() {
      ending.abort()
      return withStatus('active')
    },
    wait: async () => {},
    onDetail: ({ status }) => told.push(status),
    onError: ({ code }) => told.push(code),
    signal: ending.signal,
  })
  assert.deepEqual(told, [])
})
