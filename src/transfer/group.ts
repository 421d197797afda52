import { createLimiter } from './limiter.ts'
import type { Limiter } from './limiter.ts'
import type { Transfer } from './state.ts'

/** A cap of the rate, for one file or for several together. */
export interface RateCap {
  readonly limiter: Limiter
  /** Bytes of one read that suit the cap. */
  readonly readSize: () => number
}

/** Files that are one download to the user. It is there as long as one of them runs. */
export interface Group extends RateCap {
  readonly members: Set<Transfer>
  /** The cap that the file begun last came with. */
  asked: number | undefined
}

export function createRateCap(rate: number | undefined, now: () => number): RateCap {
  let readSize = Infinity
  const limiter = createLimiter({ setReadSize: (bytes) => (readSize = bytes) }, rate, now)
  return { limiter, readSize: () => readSize }
}

/**
 * The group of that name, made when there is none. A file that comes with another cap than the one before changes it
 * for all; one that comes with the same leaves what `adjust` has set since.
 */
export function joinGroup(
  groups: Map<string, Group>,
  name: string,
  rate: number | undefined,
  now: () => number,
): Group {
  const group = groups.get(name) ?? { ...createRateCap(rate, now), members: new Set<Transfer>(), asked: rate }
  groups.set(name, group)
  if (rate !== group.asked) group.limiter.setRate(rate)
  group.asked = rate
  return group
}

export function leaveGroup(groups: Map<string, Group>, name: string, transfer: Transfer): void {
  const group = groups.get(name)
  group?.members.delete(transfer)
  if (!group || group.members.size > 0) return
  group.limiter.setRate(undefined)
  groups.delete(name)
}
