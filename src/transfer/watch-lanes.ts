import { grow } from '../core/growth.ts'
import { claimedRanges } from './open-part.ts'
import { bytesDone, sizeOf } from './state.ts'
import type { Transfer } from './state.ts'

/** Takes the speeds of all connections and decides how many there should be. Call it about ten times a second. */
export function watchLanes(transfer: Transfer, now: number): void {
  for (const lane of transfer.lanes) {
    const elapsed = now - lane.markAt
    if (elapsed < 80) continue
    const fresh = ((lane.position - lane.markPosition) / elapsed) * 1000
    lane.speed = lane.markPosition === lane.start ? fresh : (lane.speed + fresh) / 2
    lane.markAt = now
    lane.markPosition = lane.position
  }
  const size = sizeOf(transfer)
  if (size === null || !transfer.file) return
  if (transfer.hash) transfer.hash.chase(prefix(transfer))
  if (!transfer.ranges) return
  const flowing = [...transfer.lanes].filter((lane) => lane.flowing).length
  // What another connection would bring shows only once there is a place for it.
  if (transfer.held) transfer.growth = { ...transfer.growth, since: now, bytesThen: transfer.received }
  const before = transfer.growth
  transfer.growth = grow(before, {
    now,
    bytes: transfer.received,
    bytesLeft: size - bytesDone(transfer),
    flowing,
    silence: now - transfer.movedAt,
    roundTrip: transfer.roundTrip,
    busy: transfer.env.busy(),
  })
  const host = transfer.locations[0]?.original.host ?? ''
  if (before.phase === 'growing' && transfer.growth.phase === 'settled')
    transfer.env.hosts.learnGood(host, transfer.growth.target)
}

/** Bytes from the front that are written without a gap: what may be hashed. */
function prefix(transfer: Transfer): number {
  const first = claimedRanges(transfer)[0]
  return first?.[0] === 0 ? first[1] : 0
}
