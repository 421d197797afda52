/** What the order of the queue says of one download. */
export interface Peer {
  readonly id: string
  readonly priority: number
}

/** Where a dragged download goes: a place from 1 among those of a priority. */
export interface DropPlace {
  readonly priority: number
  readonly place: number
}

/**
 * Where a download goes that is dropped before or behind another, given all that wait or run in the order of the queue.
 * It takes the priority of those it lies between, and keeps its own at a border where either would do. Null when the
 * neighbour has left the queue, or nothing would change.
 */
export function dropPlace(
  queue: readonly Peer[],
  id: string,
  target: { readonly id: string; readonly side: 'before' | 'behind' },
): DropPlace | null {
  const own = queue.findIndex((one) => one.id === id)
  const dragged = queue[own]
  if (dragged === undefined || target.id === id) return null
  const others = queue.filter((one) => one.id !== id)
  const neighbour = others.findIndex((one) => one.id === target.id)
  if (neighbour < 0) return null
  const at = target.side === 'before' ? neighbour : neighbour + 1
  if (at === own) return null
  const above = others[at - 1]
  const below = others[at]
  const fits = [above, below].some((one) => one?.priority === dragged.priority)
  const priority = fits ? dragged.priority : (others[neighbour]?.priority ?? dragged.priority)
  return { priority, place: others.slice(0, at).filter((one) => one.priority === priority).length + 1 }
}

/** The neighbour by which a download goes one step up or down; null at the end of its priority. */
export function stepPlace(queue: readonly Peer[], id: string, step: -1 | 1): DropPlace | null {
  const own = queue.findIndex((one) => one.id === id)
  const dragged = queue[own]
  const neighbour = queue[own + step]
  if (dragged === undefined || neighbour === undefined || neighbour.priority !== dragged.priority) return null
  return dropPlace(queue, id, { id: neighbour.id, side: step < 0 ? 'before' : 'behind' })
}
