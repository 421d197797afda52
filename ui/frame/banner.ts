import type { ConnectionState, HealthNow } from '../state/live.ts'

export type Banner =
  | { readonly kind: 'offline'; readonly since: string | null }
  | { readonly kind: 'unauthorised' }
  | { readonly kind: 'low-disk'; readonly freeSpace: number }
  | { readonly kind: 'unwell'; readonly problem: string }
  | { readonly kind: 'polling' }

export interface Situation {
  readonly connection: ConnectionState
  /** When the daemon was last heard, ISO 8601; null where it never was. */
  readonly lastHeard: string | null
  readonly health: HealthNow | undefined
  /** Less than this is little, bytes; undefined where that is not known. */
  readonly minFreeSpace: number | undefined
}

/** The one thing about the daemon that a person must know now, the worst first; null when all is well. */
export function bannerOf({ connection, lastHeard, health, minFreeSpace }: Situation): Banner | null {
  if (connection === 'offline') return { kind: 'offline', since: lastHeard }
  if (connection === 'unauthorised') return { kind: 'unauthorised' }
  const freeSpace = health?.freeSpace ?? null
  if (freeSpace !== null && minFreeSpace !== undefined && freeSpace < minFreeSpace)
    return { kind: 'low-disk', freeSpace }
  const [problem] = health?.problems ?? []
  if (problem !== undefined) return { kind: 'unwell', problem }
  return connection === 'polling' ? { kind: 'polling' } : null
}
