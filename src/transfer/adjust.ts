import { mostConnections } from '../core/growth.ts'
import { connectionCap, rateCap } from './file-options.ts'
import { dropLanes, pump } from './schedule.ts'
import type { Group } from './group.ts'
import type { Transfer } from './state.ts'
import type { Engine } from './types.ts'

/** Changes a running transfer at once; see `Engine.adjust`. */
export function adjustTransfer(transfer: Transfer, change: Parameters<Engine['adjust']>[1]): void {
  if (transfer.ending) return
  if (change.limitRate !== undefined) {
    const limitRate = rateCap(change.limitRate)
    transfer.options = { ...transfer.options, limitRate }
    transfer.limiter.setRate(limitRate)
  }
  if (change.connections !== undefined) setConnections(transfer, connectionCap(change.connections))
}

/** Changes all running transfers of a group: together they have one cap of their rate, each its own of connections. */
export function adjustGroup(group: Group, change: Parameters<Engine['adjust']>[1]): void {
  if (change.limitRate !== undefined) group.limiter.setRate(rateCap(change.limitRate))
  for (const transfer of group.members) adjustTransfer(transfer, change)
}

function setConnections(transfer: Transfer, connections: number | undefined): void {
  const { env, growth } = transfer
  transfer.options = { ...transfer.options, connections }
  const limit = connections ?? mostConnections
  const refused = env.hosts.cap(transfer.locations[0]?.original.host ?? '') ?? limit
  const target = Math.min(growth.target, limit)
  transfer.growth = {
    ...growth,
    limit,
    cap: Math.min(limit, refused),
    target,
    // More may be of use now, which only trying can tell.
    ...(limit > growth.limit
      ? { phase: 'growing', since: env.clock(), bytesThen: transfer.received, rateBefore: 0, targetBefore: target }
      : {}),
  }
  dropLanes(transfer, transfer.lanes.size - limit)
  pump(transfer)
}
