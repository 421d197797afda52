import { removeRange } from '../core/ranges.ts'
import type { Group } from './group.ts'
import type { Lane, Transfer } from './state.ts'
import type { Inspection } from './types.ts'

/** A running transfer from within; see `Engine.inspect`. */
export function inspectTransfer(transfer: Transfer): Inspection {
  const lanes = [...transfer.lanes].sort((a, b) => a.start - b.start)
  // Of two that race for the same bytes, what the loser had is counted with the winner's.
  const ended = lanes.reduce((ranges, lane) => removeRange(ranges, lane.start, lane.position), transfer.done)
  const here = ended.map(([start, end]) => ({ start, end, done: end - start, active: false }))
  const coming = lanes
    .filter((lane) => !lane.hedgeOf)
    .map((lane) => ({ start: lane.start, end: endOf(lane), done: lane.position - lane.start, active: true }))
  return {
    segments: [...here, ...coming].sort((a, b) => a.start - b.start),
    connections: lanes.map((lane) => ({
      host: lane.host,
      start: lane.start,
      end: endOf(lane),
      position: lane.position,
      speed: Math.round(lane.speed),
      state: lane.flowing ? 'receiving' : 'waiting',
    })),
  }
}

/** The connections of all files of a group. Segments are those of one file, so there are none. */
export function inspectGroup({ members }: Group): Inspection {
  return { segments: [], connections: [...members].flatMap((transfer) => inspectTransfer(transfer).connections) }
}

const endOf = (lane: Lane): number | null => (Number.isFinite(lane.end) ? lane.end : null)
