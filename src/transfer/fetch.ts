import { asSluiceError } from '../core/errors.ts'
import { isRedirect, nextHop } from '../wire/redirects.ts'
import type { BodySink, Exchange, ResponseHead, WireClient } from '../wire/types.ts'
import { currentUrl, rememberTarget } from './location.ts'
import type { Location } from './location.ts'

type Fields = ReadonlyArray<readonly [name: string, value: string]>

/** What a fetch needs of the engine. */
export interface FetchContext {
  readonly client: WireClient
  /** Fields for one hop: agent, user's headers, credentials and cookies as far as that origin may have them. */
  fieldsFor(url: URL, location: Location): Fields
  /** A new guard for one chain of hops. */
  guard(): (address: string, url: URL) => void
  /** Milliseconds since 1970. */
  now(): number
}

/** One request with its redirects. */
export interface Fetch {
  pause(): void
  resume(): void
  abort(): void
  /** Milliseconds of a round trip, null when not measured. */
  readonly roundTrip: number | null
}

/** A redirect's own body is read to keep its connection, up to this many bytes. */
const redirectBody = 16 * 1024

/**
 * GETs a location and follows its redirects. The sink sees only the final answer. A cached target that answers 400,
 * 401, 403, 404 or 410 is forgotten and the original asked again: a signed link that expired is no failure.
 */
export function fetchLocation(
  context: FetchContext,
  location: Location,
  extra: Fields,
  reading: { readonly keepBuffers: boolean; readonly readSize?: () => number },
  sink: BodySink,
): Fetch {
  let exchange: Exchange | null = null
  let pauses = 0
  let over = false

  function ask(url: URL, history: readonly URL[], check: (address: string, url: URL) => void, cached: boolean): void {
    const request = { url, headers: [...context.fieldsFor(url, location), ...extra], ...reading, checkAddress: check }
    let away = false
    let drained = 0

    function leave(to: URL, past: readonly URL[], guard: (address: string, url: URL) => void): void {
      ask(to, past, guard, false)
      away = true
    }

    const started = context.client.get(request, {
      head(head: ResponseHead) {
        if (isRedirect(head.status)) {
          leave(nextHop(url, head, history, { allowDowngrade: false }), [...history, url], check)
        } else if (cached && isStale(head.status)) {
          location.cached = null
          leave(location.original, [], context.guard())
        } else {
          if (head.status < 400) rememberTarget(location, url)
          sink.head(head)
        }
      },
      data(buffer, start, end, keepable) {
        if (!away) return sink.data(buffer, start, end, keepable)
        drained += end - start
        if (drained > redirectBody) started.abort()
        return undefined
      },
      end(how) {
        if (!away) sink.end(how)
      },
      fail(error) {
        if (!away) sink.fail(error)
      },
    })
    if (away || over) return
    exchange = started
    for (let i = 0; i < pauses; i++) started.pause()
  }

  const url = currentUrl(location, context.now())
  try {
    ask(url, [], context.guard(), location.cached !== null)
  } catch (error) {
    queueMicrotask(() => over || sink.fail(asSluiceError(error)))
  }
  return {
    pause() {
      pauses++
      exchange?.pause()
    },
    resume() {
      pauses--
      exchange?.resume()
    },
    abort() {
      over = true
      exchange?.abort()
    },
    get roundTrip() {
      return exchange?.connectMs ?? null
    },
  }
}

const isStale = (status: number): boolean =>
  status === 400 || status === 401 || status === 403 || status === 404 || status === 410
