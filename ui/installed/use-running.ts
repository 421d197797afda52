import { useCallback, useSyncExternalStore } from 'react'
import type { DownloadStatus } from '../../src/core/download-states.ts'
import { live } from '../state/live.ts'

const onTheWay: ReadonlySet<DownloadStatus> = new Set(['created', 'validating', 'queued', 'active', 'paused', 'error'])

/** Ids of downloads of a kind that are not finished, as far as the page knows them; those that run first. */
export function useRunning(kind: string): readonly string[] {
  const subscribe = useCallback((listener: () => void) => live.onLists(listener), [])
  const ids = useSyncExternalStore(subscribe, () => idsNow(kind))
  return ids === '' ? [] : ids.split(' ')
}

/** One text, so that the same ids are the same value. */
function idsNow(kind: string): string {
  const found = [...live.state().rows.keys()].flatMap((id) => {
    const download = live.download(id)
    return download?.kind === kind && onTheWay.has(download.status) ? [download] : []
  })
  return found
    .sort((a, b) => Number(b.status === 'active') - Number(a.status === 'active') || a.position - b.position)
    .map(({ id }) => id)
    .join(' ')
}
