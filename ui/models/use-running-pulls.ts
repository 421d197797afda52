import { useCallback, useSyncExternalStore } from 'react'
import type { DownloadStatus } from '../../src/core/download-states.ts'
import { live } from '../state/live.ts'

const onTheWay: ReadonlySet<DownloadStatus> = new Set(['created', 'validating', 'queued', 'active', 'paused', 'error'])

/** Ids of pulls that are not finished, as far as the page knows them; those that run first. */
export function useRunningPulls(): readonly string[] {
  const subscribe = useCallback((listener: () => void) => live.onLists(listener), [])
  const ids = useSyncExternalStore(subscribe, idsNow)
  return ids === '' ? [] : ids.split(' ')
}

/** One text, so that the same ids are the same value. */
function idsNow(): string {
  const found = [...live.state().rows.keys()].flatMap((id) => {
    const download = live.download(id)
    return download?.kind === 'model' && onTheWay.has(download.status) ? [download] : []
  })
  return found
    .sort((a, b) => Number(b.status === 'active') - Number(a.status === 'active') || a.position - b.position)
    .map(({ id }) => id)
    .join(' ')
}
