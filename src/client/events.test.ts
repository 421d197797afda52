import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createClient } from './client.ts'
import type { DaemonEvent, EventOptions } from './events.ts'

type Answer = (response: ServerResponse, request: IncomingMessage) => void

interface Stream {
  readonly events: AsyncGenerator<DaemonEvent>
  /** Last-Event-ID of each connection. */
  readonly lastIds: Array<string | undefined>
  /** What it waited between connections. */
  readonly waits: number[]
  readonly stop: AbortController
}

/** Follows a server that answers the connections one after the other, the last one for ever. */
async function follow(t: TestContext, answers: Answer[], options: Partial<EventOptions> = {}): Promise<Stream> {
  const lastIds: Array<string | undefined> = []
  const waits: number[] = []
  const stop = new AbortController()
  const server = createServer((request, response) => {
    const answer = answers[Math.min(lastIds.length, answers.length - 1)]!
    lastIds.push(request.headers['last-event-id'] as string | undefined)
    answer(response, request)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => {
    stop.abort()
    server.closeAllConnections()
    server.close()
  })
  const client = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  const wait = async (ms: number): Promise<void> => {
    waits.push(ms)
  }
  return { events: client.events({ signal: stop.signal, wait, ...options }), lastIds, waits, stop }
}

function stream(text: string, end = true): Answer {
  return (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' })
    if (end) response.end(text)
    else response.write(text)
  }
}

async function next(events: AsyncGenerator<DaemonEvent>): Promise<DaemonEvent> {
  const result = await events.next()
  return result.done === true ? assert.fail('the events have ended') : result.value
}

const snapshot = 'id: 7\nevent: snapshot\ndata: {"sequence":7,"downloads":[],"counts":{},"speed":0,"total":0}\n\n'
const removed = (id: number): string =>
  `id: ${id}\nevent: removed\ndata: {"type":"removed","sequence":${id},"id":"x"}\n\n`

test('a snapshot comes first, then what changes', async (t) => {
  const { events } = await follow(t, [stream(`retry: 2000\n\n${snapshot}: still here\n\n${removed(8)}`, false)])
  const first = await next(events)
  assert.equal(first.type, 'snapshot')
  assert.deepEqual(await next(events), { type: 'removed', sequence: 8, id: 'x' })
})

test('after a loss it tells so, waits, and goes on after the last event seen', async (t) => {
  const { events, lastIds, waits } = await follow(t, [stream(snapshot + removed(8)), stream(removed(9), false)])
  const types = []
  for (let count = 0; count < 4; count++) types.push((await next(events)).type)
  assert.deepEqual(types, ['snapshot', 'removed', 'disconnected', 'removed'])
  assert.deepEqual(lastIds, [undefined, '8'])
  assert.deepEqual(waits, [500])
})

test('it waits longer and longer while the daemon is away, and shortly again after an event', async (t) => {
  const away: Answer = (response) => response.socket?.destroy()
  const { events, waits } = await follow(t, [stream(snapshot), ...Array<Answer>(6).fill(away), stream(removed(8))])
  for (let count = 0; count < 11; count++) await next(events)
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 500])
})

test('a first connection that fails rejects, and so does a refusal later on', async (t) => {
  const problem: Answer = (response) => {
    response.writeHead(401, { 'Content-Type': 'application/problem+json' })
    response.end('{"code":"unauthorized","detail":"This daemon asks for its token."}')
  }
  const refused = await follow(t, [problem])
  await assert.rejects(refused.events.next(), { code: 'unauthorized' })
  const later = await follow(t, [stream(snapshot), problem])
  await next(later.events)
  await next(later.events)
  await assert.rejects(later.events.next(), { code: 'unauthorized' })
  const away = await follow(t, [(response) => response.socket?.destroy()])
  await assert.rejects(away.events.next(), { code: 'connection-lost' })
})

test('aborting ends the events quietly, also while nothing comes', async (t) => {
  const { events, stop } = await follow(t, [stream(snapshot, false)])
  await next(events)
  const pending = events.next()
  stop.abort()
  assert.deepEqual(await pending, { done: true, value: undefined })
})

test('aborting ends the wait between two connections', async (t) => {
  const stop = new AbortController()
  const { events } = await follow(t, [stream(snapshot)], {
    signal: stop.signal,
    wait: (_ms, signal) => new Promise((done) => signal.addEventListener('abort', () => done(), { once: true })),
  })
  await next(events)
  assert.equal((await next(events)).type, 'disconnected')
  const pending = events.next()
  stop.abort()
  assert.equal((await pending).done, true)
})

test('damaged events and fields of later versions are passed over', async (t) => {
  const odd = 'event: removed\ndata: {"broken\n\nevent: later\ncolour: red\ndata: 5\n\ndata: [1]\n\n'
  const { events } = await follow(t, [stream(odd + removed(9), false)])
  assert.deepEqual(await next(events), { type: 'removed', sequence: 9, id: 'x' })
})

test('a page that is no event stream is told as such', async (t) => {
  const { events } = await follow(t, [(response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('hi')])
  await assert.rejects(events.next(), { code: 'bad-response' })
})
