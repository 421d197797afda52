import type { DaemonEvent } from '../client/events.ts'
import type { Download, DownloadList } from '../server/api-types.ts'

/** What a watcher knows of the daemon. */
export interface WatchState {
  /** By id, in the order of the queue as far as it is known. */
  readonly downloads: Map<string, Download>
  counts: Readonly<Record<string, number>>
  /** Bytes per second of all. */
  speed: number
  connected: boolean
  /** Several changed at once: the list must be read again. */
  stale: boolean
}

export function createWatchState(): WatchState {
  return { downloads: new Map(), counts: {}, speed: 0, connected: true, stale: false }
}

/** Keeps the state true to an event. */
export function applyEvent(state: WatchState, event: DaemonEvent): void {
  state.connected = event.type !== 'disconnected'
  switch (event.type) {
    case 'snapshot':
      replace(state, event.downloads)
      state.counts = event.counts
      state.speed = event.speed
      state.stale = false
      break
    case 'added':
    case 'changed':
      recount(state, state.downloads.get(event.download.id)?.status, event.download.status)
      state.downloads.set(event.download.id, event.download)
      break
    case 'removed':
      recount(state, state.downloads.get(event.id)?.status, undefined)
      state.downloads.delete(event.id)
      break
    case 'progress':
      state.speed = event.speed
      for (const numbers of event.downloads) {
        const download = state.downloads.get(numbers.id)
        if (download === undefined) state.stale = true
        else state.downloads.set(numbers.id, { ...download, ...numbers })
      }
      break
    case 'refresh':
      state.stale = true
      break
    case 'disconnected':
      state.speed = 0
      break
    case 'warning':
    case 'settings':
    case 'work':
      break
  }
}

/** Takes a list that was read anew. */
export function applyList(
  state: WatchState,
  { downloads }: Pick<DownloadList, 'downloads'>,
  counts: WatchState['counts'],
): void {
  replace(state, downloads)
  state.counts = counts
  state.stale = false
}

/** Those on the move first, as they stand in the queue. */
export function shownDownloads(state: WatchState): Download[] {
  const rank = ({ status }: Download): number => (status === 'active' ? 0 : status === 'completed' ? 2 : 1)
  return [...state.downloads.values()].sort((a, b) => rank(a) - rank(b))
}

function replace(state: WatchState, downloads: readonly Download[]): void {
  state.downloads.clear()
  for (const download of downloads) state.downloads.set(download.id, download)
}

/** One that was not known before may have been counted by the snapshot, which holds only the first 200. */
function recount(state: WatchState, before: string | undefined, after: string | undefined): void {
  const counts = { ...state.counts }
  if (before !== undefined) counts[before] = Math.max(0, (counts[before] ?? 0) - 1)
  if (after !== undefined) counts[after] = (counts[after] ?? 0) + 1
  state.counts = counts
}
