import { orAbort } from '../or-abort.ts'
import type { RegistryToken } from './registry-token.ts'

/** Tokens by what they were asked for. */
export interface TokenCache {
  /**
   * The token of that key: the kept one while it holds, but never the refused one, else a new one by `fetch`. However many
   * ask at once, one is fetched. The signal ends the waiting of this caller; the fetch ends when nobody waits any more.
   */
  get(
    key: string,
    refused: string | null,
    fetch: (signal: AbortSignal) => Promise<RegistryToken>,
    signal: AbortSignal | undefined,
  ): Promise<string>
}

interface Kept {
  readonly value: string
  /** Milliseconds since 1970; from `renewAt` on a new one is fetched. */
  readonly renewAt: number
}

interface Flight {
  readonly token: Promise<string>
  readonly stop: AbortController
  waiting: number
}

/** Seconds before its end at which a token is renewed; of a short one a fifth of its time. */
const margin = 10

/** `now` in milliseconds since 1970. */
export function createTokenCache(now: () => number): TokenCache {
  const kept = new Map<string, Kept>()
  const flights = new Map<string, Flight>()

  function start(key: string, fetch: (signal: AbortSignal) => Promise<RegistryToken>): Flight {
    const stop = new AbortController()
    const token = fetch(stop.signal)
      .then(({ value, lifetime }) => {
        for (const [other, { renewAt }] of kept) if (renewAt <= now()) kept.delete(other)
        kept.set(key, { value, renewAt: now() + 1000 * (lifetime - Math.min(margin, lifetime / 5)) })
        return value
      })
      .finally(() => {
        if (flights.get(key) === flight) flights.delete(key)
      })
    const flight: Flight = { token, stop, waiting: 0 }
    flights.set(key, flight)
    // Everybody may have left by then.
    token.catch(() => undefined)
    return flight
  }

  return {
    async get(key, refused, fetch, signal) {
      const known = kept.get(key)
      if (known !== undefined && known.value !== refused && known.renewAt > now()) return known.value
      const flight = flights.get(key) ?? start(key, fetch)
      flight.waiting++
      try {
        return await orAbort(flight.token, signal)
      } finally {
        flight.waiting--
        if (flight.waiting === 0 && flights.get(key) === flight) {
          flights.delete(key)
          flight.stop.abort()
        }
      }
    },
  }
}
