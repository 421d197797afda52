import type { Settings } from '../config/settings.ts'
import { parseHttpUrl } from '../core/url.ts'
import { refusePrivateHost } from '../wire/address-policy.ts'
import type { ManagerOptions } from './types.ts'

/** Whether a daemon asks addresses of the public internet only: others can reach it, and nobody has allowed more. */
export function isPublicOnly(
  { reachable, allowPrivate = false }: Pick<ManagerOptions, 'reachable' | 'allowPrivate'>,
  settings: Pick<Settings, 'allowPrivate'>,
): boolean {
  return reachable && !allowPrivate && !settings.allowPrivate
}

/** Refuses what says itself that it is private, before anything is connected. Where a name leads is judged later. */
export function refusePrivate(addresses: readonly string[]): void {
  for (const address of addresses) refusePrivateHost(parseHttpUrl(address).url)
}
