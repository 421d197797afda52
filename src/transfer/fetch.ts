import { statusError } from '../core/answer.ts'
import { asSluiceError } from '../core/errors.ts'
import { isRedirect, nextHop } from '../wire/redirects.ts'
import type { BodySink, Exchange, ResponseHead, WireClient } from '../wire/types.ts'
import type { Authorization } from './authorization.ts'
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

interface Hop {
  readonly url: URL
  readonly history: readonly URL[]
  readonly check: (address: string, url: URL) => void
  /** The end of an earlier chain, asked without the way there. */
  readonly cached: boolean
}

/** The body of an answer that is not the last is read to keep its connection, up to this many bytes. */
const passingBody = 16 * 1024

/** Answers 401 in a row for which another authorization is asked. */
const mostRenewals = 3

/**
 * GETs a location and follows its redirects. The sink sees only the final answer. A cached target that answers 400,
 * 401, 403, 404 or 410 is forgotten and the original asked again: a signed link that expired is no failure. Of several
 * connections that meet this at once one asks the original, the others wait for the target that it finds. A 401 of an
 * origin that has an authorization is answered with the next one.
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
  let renewals = 0
  /** It has shared the target that another connection found, which is not done twice. */
  let shared = false
  let resolved: (() => void) | null = null

  function begin(): void {
    const url = currentUrl(location, context.now())
    if (location.cached === null && location.resolving) later(location.resolving, begin)
    else ask({ url, history: [], check: context.guard(), cached: location.cached !== null })
  }

  function beginAtOriginal(): void {
    ask({ url: location.original, history: [], check: context.guard(), cached: false })
  }

  function ask(hop: Hop): void {
    const authorization = hop.url.origin === location.original.origin ? location.authorization : null
    if (authorization && authorization.value === undefined) later(authorization.renew(null), () => ask(hop))
    else send(hop, authorization)
  }

  function send(hop: Hop, authorization: Authorization | null): void {
    const { url, history, check } = hop
    const fields = context.fieldsFor(url, location)
    const sent = authorization?.value ?? null
    const headers = [...(authorization ? withAuthorization(fields, sent) : fields), ...extra]
    let away = false
    let passed = 0

    const started = context.client.get(
      { url, headers, ...reading, checkAddress: check },
      {
        head(head: ResponseHead) {
          if (isRedirect(head.status)) {
            const next = nextHop(url, head, history, { allowDowngrade: false })
            ask({ url: next, history: [...history, url], check, cached: false })
            away = true
          } else if (hop.cached && isStale(head.status)) {
            goBack(url)
            away = true
          } else if (head.status === 401 && authorization && renewals < mostRenewals) {
            renewals++
            renew(authorization, sent, hop, head)
            away = true
          } else {
            if (head.status < 400) rememberTarget(location, url)
            resolved?.()
            sink.head(head)
          }
        },
        data(buffer, start, end, keepable) {
          if (!away) return sink.data(buffer, start, end, keepable)
          passed += end - start
          if (passed > passingBody) started.abort()
          return undefined
        },
        end(how) {
          if (!away) sink.end(how)
        },
        fail(error) {
          if (!away) sink.fail(error)
        },
      },
    )
    if (away || over) return
    exchange = started
    for (let i = 0; i < pauses; i++) started.pause()
  }

  /** Goes on when the promise is kept; until then there is no request that a time limit could end. */
  function later<T>(promise: Promise<T>, go: (value: T) => void): void {
    exchange = null
    promise
      .then((value) => over || go(value))
      .catch((error: unknown) => {
        if (!over) sink.fail(asSluiceError(error))
      })
  }

  function renew(authorization: Authorization, value: string | null, hop: Hop, head: ResponseHead): void {
    const challenges = head.fields.filter(([name]) => name === 'www-authenticate').map(([, challenge]) => challenge)
    later(authorization.renew({ value, challenges }), (next) => {
      if (next === null) sink.fail(statusError(head.status, head.field('retry-after'), context.now()))
      else ask(hop)
    })
  }

  /** The cached target was refused. */
  function goBack(refused: URL): void {
    if (location.cached?.url.href === refused.href) location.cached = null
    if (shared) return beginAtOriginal()
    shared = location.cached !== null || location.resolving !== null
    if (shared) begin()
    else resolve()
  }

  function resolve(): void {
    const gate = Promise.withResolvers<void>()
    location.resolving = gate.promise
    resolved = () => {
      resolved = null
      location.resolving = null
      gate.resolve()
    }
    beginAtOriginal()
  }

  try {
    begin()
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
      resolved?.()
      exchange?.abort()
    },
    get roundTrip() {
      return exchange?.connectMs ?? null
    },
  }
}

function withAuthorization(fields: Fields, value: string | null): Fields {
  const others = fields.filter(([name]) => name.toLowerCase() !== 'authorization')
  return value === null ? others : [...others, ['Authorization', value]]
}

const isStale = (status: number): boolean =>
  status === 400 || status === 401 || status === 403 || status === 404 || status === 410
