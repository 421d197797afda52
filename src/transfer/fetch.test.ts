import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from '../core/errors.ts'
import type { BodySink, Exchange, ResponseHead, WireRequest } from '../wire/types.ts'
import { createAuthorization } from './authorization.ts'
import { fetchLocation } from './fetch.ts'
import type { Fetch } from './fetch.ts'
import { makeLocation } from './location.ts'
import type { Location } from './location.ts'

const original = 'http://registry.test/blob'
const first = 'http://cdn.test/data?1'
const second = 'http://cdn.test/data?2'

/** One request that the client was given, to be answered by the test. */
interface Asked {
  readonly url: string
  readonly authorization: string | undefined
  readonly sink: BodySink
  pauses: number
  aborted: boolean
}

/** What a sink was told at the end. */
interface Got {
  readonly fetch: Fetch
  status: number | null
  error: SluiceError | null
}

/** Lets what was promised go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function bench(location: Location): { readonly asked: Asked[]; readonly open: () => Asked[]; readonly get: () => Got } {
  const asked: Asked[] = []
  const answered = new Set<Asked>()
  const client = {
    get({ url, headers }: WireRequest, sink: BodySink): Exchange {
      const authorization = headers.find(([name]) => name === 'Authorization')?.[1]
      if (authorization?.includes('\n')) throw new SluiceError('usage', 'The field cannot be sent.')
      const one: Asked = { url: url.href, authorization, sink, pauses: 0, aborted: false }
      asked.push(one)
      return {
        pause: () => void one.pauses++,
        resume: () => void one.pauses--,
        abort: () => void (one.aborted = true),
        connectMs: null,
      }
    },
    release() {},
    setReadSize() {},
    close() {},
  }
  const context = { client, fieldsFor: () => [], guard: () => () => {}, now: () => 0 }
  return {
    asked,
    open() {
      const fresh = asked.filter((one) => !answered.has(one))
      for (const one of fresh) answered.add(one)
      return fresh
    },
    get() {
      const got: Got = {
        status: null,
        error: null,
        fetch: fetchLocation(
          context,
          location,
          [],
          { keepBuffers: false },
          {
            head: (head) => void (got.status = head.status),
            data: () => undefined,
            end() {},
            fail: (error) => void (got.error = error),
          },
        ),
      }
      return got
    },
  }
}

/** Answers as the wire does: what the sink throws arrives at its `fail`. */
function answer(
  { url, sink }: Asked | undefined = assert.fail('nothing was asked'),
  status: number,
  fields: ResponseHead['fields'] = [],
): void {
  const head: ResponseHead = {
    version: '1.1',
    status,
    reason: '',
    fields,
    field: (name) => fields.find(([key]) => key === name)?.[1],
    url: new URL(url),
    remoteAddress: '127.0.0.1',
    contentLength: 0,
  }
  try {
    sink.head(head)
  } catch (error) {
    sink.fail(error as SluiceError)
  }
}

const redirect = (to: string): ResponseHead['fields'] => [['location', to]]

function cachedLocation(): Location {
  const location = makeLocation({ url: new URL(original), username: undefined, password: undefined }, false)
  location.cached = { url: new URL(first), until: Infinity }
  return location
}

test('of several whose target was refused one asks the original, and all go on to what it finds', async () => {
  const { get, open } = bench(cachedLocation())
  const [a, b, c] = [get(), get(), get()]
  const [askedA, askedB, askedC] = open()
  answer(askedA, 403)
  answer(askedB, 410)
  const late = get()
  await settle()
  const [resolving, ...more] = open()
  assert.equal(resolving?.url, original)
  assert.deepEqual(more, [])
  answer(resolving, 307, redirect(second))
  const [target] = open()
  assert.equal(target?.url, second)
  answer(target, 206)
  assert.equal(a.status, 206)
  await settle()
  // Their bodies need not wait for that of the first; one whose answer comes late has a target already.
  answer(askedC, 403)
  const others = open()
  assert.deepEqual(
    others.map(({ url }) => url),
    [second, second, second],
  )
  for (const one of others) answer(one, 206)
  assert.deepEqual([b.status, c.status, late.status], [206, 206, 206])
})

test('when the one that asks fails or is given up, the others ask the original themselves', async () => {
  for (const end of ['status', 'abort'] as const) {
    const { get, open } = bench(cachedLocation())
    const [a, b] = [get(), get()]
    for (const one of open()) answer(one, 403)
    const [resolving] = open()
    if (end === 'status') answer(resolving, 503)
    else a.fetch.abort()
    await settle()
    const [again, ...more] = open()
    assert.deepEqual([again?.url, more.length], [original, 0], end)
    answer(again, 200)
    assert.deepEqual([a.status, b.status], [end === 'status' ? 503 : null, 200])
  }
})

test('a target that is good for one request is shared once, then each finds its own', async () => {
  const { get, open } = bench(cachedLocation())
  const [a, b] = [get(), get()]
  for (const one of open()) answer(one, 403)
  answer(open()[0], 307, redirect(second))
  answer(open()[0], 206)
  await settle()
  const [shared] = open()
  assert.equal(shared?.url, second)
  answer(shared, 403)
  const [own] = open()
  assert.equal(own?.url, original)
  answer(own, 403)
  assert.deepEqual([a.status, b.status], [206, 403])
})

function authorizedLocation(values: ReadonlyArray<string | null>): Location {
  const url = new URL(original)
  let count = 0
  const authorize = async (): Promise<string | null> => values[count++] ?? null
  const authorization = createAuthorization(authorize, new AbortController().signal)
  return makeLocation({ url, username: undefined, password: undefined }, false, authorization)
}

test('what is paused while it waits for its authorization begins paused', async () => {
  const { get, open, asked } = bench(authorizedLocation(['one', 'two']))
  const { fetch } = get()
  fetch.pause()
  fetch.pause()
  await settle()
  assert.equal(asked[0]?.pauses, 2)
  fetch.resume()
  fetch.resume()
  answer(open()[0], 401)
  fetch.pause()
  await settle()
  assert.deepEqual(
    asked.map(({ pauses, authorization }) => [pauses, authorization]),
    [
      [0, 'one'],
      [1, 'two'],
    ],
  )
})

test('what is given up while it waits for its authorization asks nothing more', async () => {
  const { get, open, asked } = bench(authorizedLocation(['one', 'two']))
  const early = get()
  early.fetch.abort()
  const { fetch } = get()
  await settle()
  answer(open()[0], 401)
  fetch.abort()
  await settle()
  assert.equal(asked.length, 1)
})

test('an authorization that cannot be sent fails the request', async () => {
  const { get, open } = bench(authorizedLocation(['one', 'two\nX: y']))
  const got = get()
  await settle()
  answer(open()[0], 401)
  await settle()
  assert.equal(got.error?.code, 'usage')
  const atOnce = bench(authorizedLocation(['\n']))
  const never = atOnce.get()
  await settle()
  assert.equal(never.error?.code, 'usage')
})
