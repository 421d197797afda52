import { currentUrl } from './location.ts'
import type { Location } from './location.ts'
import type { Transfer } from './state.ts'

/** The places that may be asked, best first: with the fewest connections at work, earlier ones first. */
function usable(transfer: Transfer): Location[] {
  const load = (location: Location): number => [...transfer.lanes].filter((lane) => lane.location === location).length
  return transfer.locations
    .filter((location) => !location.banned)
    .sort((a, b) => a.failures - b.failures || load(a) - load(b))
}

export function chooseLocation(transfer: Transfer): Location | undefined {
  return usable(transfer)[0]
}

export interface Opening {
  readonly location: Location
  /** How many more connections its hosts take. */
  readonly room: number
}

/**
 * The best place whose host takes another connection. Null when there is none now: for hosts without room the transfer
 * then waits, and is woken.
 */
export function findOpening(transfer: Transfer): Opening | null {
  const { places, now } = transfer.env
  const locations = usable(transfer)
  const [best] = locations
  transfer.held = false
  if (!best || isHeld(transfer, best)) {
    places.stopWaiting(transfer)
    return null
  }
  const hostOf = (location: Location): string => currentUrl(location, now()).host
  let room = 0
  let open: Location | undefined
  for (const host of new Set(locations.map(hostOf))) room += places.room(host, transfer)
  if (room > 0) open = locations.find((one) => places.room(hostOf(one), transfer) > 0 && !isHeld(transfer, one))
  if (open) return { location: open, room }
  transfer.held = true
  places.wait(hostOf(best), transfer)
  return null
}

/** A host that asked to wait (Retry-After) gets no request from any transfer. */
function isHeld(transfer: Transfer, location: Location): boolean {
  return transfer.env.hosts.heldUntil(location.original.host) > transfer.env.now()
}
