/** What takes places at hosts: a transfer. */
export interface PlaceTaker {
  /** Its connections. */
  readonly lanes: { readonly size: number }
  /** There may be room now. */
  wake(): void
  /** Another has none while this one has several at that host: ends one before it returns, if it can. */
  spare(host: string): void
}

/** The connections to each host (as in a URL: with the port unless it is the usual one), over all transfers. */
export interface HostPlaces {
  /**
   * How many more connections it may open there now. Free places go to those without any connection first, in the order
   * in which they began to wait.
   */
  room(host: string, taker: PlaceTaker): number
  take(host: string, taker: PlaceTaker): void
  leave(host: string, taker: PlaceTaker): void
  /** It wants a place; `wake` is called when one may be free. */
  wait(host: string, taker: PlaceTaker): void
  stopWaiting(taker: PlaceTaker): void
  /** Most connections to one host, undefined for no cap. Nobody loses one for it. */
  setCap(cap: number | undefined): void
}

export function createHostPlaces(firstCap: number | undefined): HostPlaces {
  const held = new Map<string, Map<PlaceTaker, number>>()
  const waiting = new Map<PlaceTaker, string>()
  let cap = firstCap
  let waking = false

  function used(host: string): number {
    let sum = 0
    for (const count of held.get(host)?.values() ?? []) sum += count
    return sum
  }

  function starving(host: string, before?: PlaceTaker): number {
    let count = 0
    for (const [taker, wanted] of waiting) {
      if (taker === before) break
      if (wanted === host && taker.lanes.size === 0) count++
    }
    return count
  }

  function wakeSoon(): void {
    if (waking || waiting.size === 0) return
    waking = true
    setImmediate(() => {
      waking = false
      const all = [...waiting.keys()].sort((a, b) => Math.sign(a.lanes.size) - Math.sign(b.lanes.size))
      for (const taker of all) if (waiting.has(taker)) taker.wake()
    })
  }

  /** Those that have several give up one for each that has none. */
  function askFor(host: string): void {
    while (cap !== undefined && starving(host) > cap - used(host)) {
      const [richest, most = 0] = [...(held.get(host) ?? [])].sort(([, a], [, b]) => b - a)[0] ?? []
      if (!richest || most < 2) return
      richest.spare(host)
      if ((held.get(host)?.get(richest) ?? 0) >= most) return
    }
  }

  return {
    room(host, taker) {
      if (cap === undefined) return Infinity
      const ahead = taker.lanes.size === 0 ? starving(host, taker) : starving(host)
      return Math.max(0, cap - used(host) - ahead)
    },
    take(host, taker) {
      waiting.delete(taker)
      const takers = held.get(host) ?? new Map<PlaceTaker, number>()
      held.set(host, takers.set(taker, (takers.get(taker) ?? 0) + 1))
    },
    leave(host, taker) {
      const takers = held.get(host)
      const left = (takers?.get(taker) ?? 0) - 1
      if (left > 0) takers?.set(taker, left)
      else takers?.delete(taker)
      if (takers?.size === 0) held.delete(host)
      wakeSoon()
    },
    wait(host, taker) {
      if (waiting.get(taker) !== host) {
        waiting.delete(taker)
        waiting.set(taker, host)
      }
      if (taker.lanes.size === 0) askFor(host)
    },
    stopWaiting: (taker) => void waiting.delete(taker),
    setCap(next) {
      cap = next
      wakeSoon()
    },
  }
}
