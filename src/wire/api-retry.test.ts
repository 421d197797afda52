import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import type { ApiAnswer } from './api-answer.ts'
import { withRetries } from './api-retry.ts'

function answer(status: number, retryAfter?: string): ApiAnswer {
  const get = (name: string): string | null => (name === 'retry-after' ? (retryAfter ?? null) : null)
  const headers = { fields: [], get, all: () => [] }
  return { status, headers, body: Buffer.alloc(0), url: new URL('http://a.test'), remoteAddress: '' }
}

/** Gives the steps one after the other; tells the waits in milliseconds. */
async function run(steps: ReadonlyArray<ApiAnswer | SluiceError>, retries?: number) {
  const waits: number[] = []
  let turn = 0
  const attempt = async (): Promise<ApiAnswer> => {
    const step = steps[turn++]
    if (step === undefined || step instanceof SluiceError) throw step ?? new Error('asked too often')
    return step
  }
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  const result: unknown = await withRetries(attempt, { retries, sleep, random: () => 1, now: () => 0 }).catch(
    (error: unknown) => error,
  )
  return { result, waits }
}

const lost = new SluiceError('connection-lost', 'Lost.')

test('what may pass is tried three times more, at growing distances', async () => {
  const { result, waits } = await run([answer(503), lost, answer(408), answer(200)])
  assert.equal(result instanceof Error ? 0 : (result as ApiAnswer).status, 200)
  assert.deepEqual(waits, [500, 1000, 2000])
})

test('the last answer or error is given back', async () => {
  const refused = answer(500)
  assert.equal((await run([answer(500), lost, lost, refused])).result, refused)
  assert.equal((await run([answer(500), answer(500), lost], 2)).result, lost)
  assert.equal((await run([lost], 0)).result, lost)
})

test('what does not pass is given at once', async () => {
  for (const status of [200, 204, 302, 400, 401, 403, 404, 412, 501, 505]) {
    assert.deepEqual((await run([answer(status)])).waits, [], String(status))
  }
  const tls = new SluiceError('tls', 'No.')
  assert.equal((await run([tls])).result, tls)
})

test('Retry-After is obeyed, in seconds or as a date, but for more than an hour', async () => {
  const date = new Date(4000).toUTCString()
  assert.deepEqual(
    (await run([answer(429, '7'), answer(429, date), answer(429, '0'), answer(200)])).waits,
    [7000, 4000, 100],
  )
  const long = answer(429, '3601')
  assert.deepEqual(await run([long]), { result: long, waits: [] })
})

test('the wait ends when the signal aborts', async () => {
  const stop = new AbortController()
  const asked = withRetries(async () => answer(503, '3000'), {}, stop.signal)
  setTimeout(() => stop.abort(), 20)
  await assert.rejects(asked, (error) => error instanceof SluiceError && error.code === 'interrupted')
})
