import type { SegmentView } from '../core/segments.ts'
import type { Lane, Transfer } from './state.ts'

/** Blocks in bytes while connections are on trial, so that those which do not pay end soon, and after that. */
const trialBlock = 8 * 1024 * 1024
const settledBlock = 256 * 1024 * 1024

/** What decides about the work of the next connection; `target` is how many there are to be. */
export function viewOf(transfer: Transfer, target: number): SegmentView {
  const now = transfer.env.clock()
  const lanes = [...transfer.lanes]
  const raced = new Set(lanes.map((lane) => lane.hedgeOf))
  return {
    free: transfer.free,
    running: lanes
      .filter((lane) => !lane.hedgeOf && Number.isFinite(lane.end))
      .map((lane) => ({
        id: lane.id,
        position: lane.position,
        end: lane.end,
        speed: steadySpeed(lane, now),
        age: now - lane.sentAt,
        hedged: raced.has(lane),
      })),
    connections: target,
    limit: transfer.growth.limit,
    idle: target - lanes.length,
    lastSpeed: transfer.lastSpeed,
    proven: transfer.proven,
    largestBlock: transfer.growth.phase === 'growing' ? trialBlock : settledBlock,
    roundTrip: transfer.roundTrip,
  }
}

/** Servers that cap a connection send in bursts: the speed of late would promise too much after each. */
function steadySpeed(lane: Lane, now: number): number {
  return Math.min(lane.speed, ((lane.position - lane.start) / Math.max(now - lane.sentAt, 1)) * 1000)
}
