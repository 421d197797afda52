/** What the order of the queue is made of: higher priority first, then lower position. */
export interface QueuePlace {
  readonly priority: number
  readonly position: number
}

/** A queued download as the decision to start it needs it. */
export interface Waiting extends QueuePlace {
  readonly id: string
  /** Not before this time, in milliseconds since 1970. */
  readonly notBefore: number | null
  /** The user asked for it, so it starts even where queued ones do not start by themselves. */
  readonly wanted: boolean
  /** Something of its own keeps it: its last run still ends, or it needs more space than there is. */
  readonly held: boolean
}

export interface QueueRules {
  /** Places in use, also by runs that were stopped and have not ended yet. */
  readonly running: number
  readonly maxConcurrent: number
  /** False: only those start that the user asked for. */
  readonly autoStart: boolean
  readonly lowDisk: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Negative when `a` comes first. */
export function compareQueue(a: QueuePlace, b: QueuePlace): number {
  return b.priority - a.priority || a.position - b.position
}

/** Ids of those that start now, in the order in which they start; `waiting` is in the order of the queue. */
export function nextToStart(waiting: Iterable<Waiting>, rules: QueueRules): string[] {
  const free = rules.lowDisk ? 0 : rules.maxConcurrent - rules.running
  const ids: string[] = []
  if (free <= 0) return ids
  for (const one of waiting) {
    if (mayStart(one, rules)) ids.push(one.id)
    // The queue may be long, and this runs whenever a download ends.
    if (ids.length === free) break
  }
  return ids
}

function mayStart(one: Waiting, { autoStart, now }: QueueRules): boolean {
  return !one.held && (autoStart || one.wanted) && (one.notBefore === null || one.notBefore <= now)
}

/** Those that go back to the queue so that no more than `maxConcurrent` run: the last of the order. */
export function surplusOf<T extends QueuePlace>(active: Iterable<T>, maxConcurrent: number): T[] {
  return [...active].sort(compareQueue).slice(maxConcurrent)
}

/**
 * The position that brings a download to a place (counted from 1) among others, whose positions are given in order.
 * Null when no number is left between its neighbours: then all of them need new ones.
 */
export function positionAt(others: readonly number[], place: number): number | null {
  const before = others[Math.min(place - 1, others.length) - 1]
  const after = others[place - 1]
  if (before === undefined) return after === undefined ? 0 : after - 1
  if (after === undefined) return before + 1
  const middle = before + (after - before) / 2
  return middle > before && middle < after ? middle : null
}
