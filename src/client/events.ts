import type { SluiceError } from '../core/errors.ts'
import type { Connection } from './connection.ts'
import { networkFailure, notSluice } from './failure.ts'
import type { ManagerEvent, Snapshot } from '../server/api-types.ts'

/** `snapshot` replaces everything known before; `disconnected` says that numbers are old until the next event. */
export type DaemonEvent =
  | ManagerEvent
  | (Snapshot & { readonly type: 'snapshot' })
  | { readonly type: 'disconnected'; readonly error: SluiceError }

export interface EventOptions {
  readonly signal: AbortSignal
  /** Go on after this sequence number; where the daemon no longer knows it, a snapshot comes. */
  readonly lastEventId?: string
  /** Waits between two attempts; resolves early when the signal is aborted. Default: real time. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

const firstWait = 500
const longestWait = 15_000

/**
 * The events of a daemon (Server-Sent Events). The first connection must succeed, or it rejects; a later loss is told as
 * `disconnected` and the stream goes on after the last event seen, after 0.5 s to 15 s. Refusals (401, 403 ...) reject.
 */
export async function* followEvents(connection: Connection, options: EventOptions): AsyncGenerator<DaemonEvent> {
  const { signal, wait = realWait } = options
  let lastId = options.lastEventId
  let connected = false
  let pause = firstWait
  while (!signal.aborted) {
    try {
      for await (const { id, event } of oneStream(connection, lastId, signal)) {
        connected = true
        pause = firstWait
        lastId = id ?? lastId
        if (event !== undefined) yield event
      }
      throw networkFailure(Object.assign(new Error('The stream ended.'), { code: 'ECONNRESET' }), connection.address)
    } catch (error) {
      if (signal.aborted) return
      const failure = networkFailure(error, connection.address)
      if (!connected || !failure.retryable) throw failure
      yield { type: 'disconnected', error: failure }
    }
    await wait(pause, signal)
    pause = Math.min(longestWait, pause * 2)
  }
}

interface Received {
  readonly id?: string
  /** Undefined where only the connection stands. */
  readonly event?: DaemonEvent
}

async function* oneStream(
  connection: Connection,
  lastId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Received> {
  const headers = { Accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'Last-Event-ID': lastId }) }
  const [{ createParser }, response] = await Promise.all([
    import('eventsource-parser'),
    connection.open('GET', '/api/events', { headers, signal }),
  ])
  if (!/^text\/event-stream\b/i.test(response.headers.get('Content-Type') ?? ''))
    throw notSluice('no event stream', connection.address)
  yield {}
  const waiting: Received[] = []
  const parser = createParser({
    maxBufferSize: 64 * 1024 * 1024,
    onEvent({ id, event, data }) {
      const read = readEvent(event, data)
      waiting.push({ ...(id === undefined ? {} : { id }), ...(read === undefined ? {} : { event: read }) })
    },
    onError(error) {
      // Other fields than those of the standard are to be ignored.
      if (error.type === 'max-buffer-size-exceeded') throw notSluice(error.message, connection.address)
    },
  })
  for await (const piece of connection.pieces(response)) {
    parser.feed(piece)
    yield* waiting.splice(0)
  }
}

/** Events that this version does not know, or that are damaged, are passed over. */
function readEvent(name: string | undefined, data: string): DaemonEvent | undefined {
  const value = jsonObject(data)
  const type = name ?? value?.['type']
  return value === undefined || typeof type !== 'string' ? undefined : ({ ...value, type } as DaemonEvent)
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function realWait(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
