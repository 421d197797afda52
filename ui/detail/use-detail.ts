import { useCallback, useEffect, useState } from 'react'
import type { SluiceError } from '../../src/core/errors.ts'
import type { Download, DownloadDetail } from '../../src/server/api-types.ts'
import { client, onToken } from '../state/client.ts'
import { useDownload } from '../state/live.ts'
import { changeMark } from './facts.ts'
import { mapView } from './map-summary.ts'
import type { MapView } from './map-summary.ts'
import { pollDetail, waitVisible } from './poll-detail.ts'

export interface DetailState {
  /** As last told, with the newest numbers of the event stream in it. */
  readonly detail: DownloadDetail | undefined
  /** Which bytes are here; keeps over a pause what it showed before. */
  readonly map: MapView | undefined
  readonly error: SluiceError | null
  readonly again: () => void
}

/** The details of one download. Give the component another `key` for another download. */
export function useDetail(id: string): DetailState {
  const live = useDownload(id)
  const mark = changeMark(live)
  const [told, setTold] = useState<{ readonly detail: DownloadDetail; readonly map: MapView }>()
  const [error, setError] = useState<SluiceError | null>(null)
  const [round, setRound] = useState(0)
  const again = useCallback(() => setRound((number) => number + 1), [])

  useEffect(() => onToken(again), [again])
  useEffect(() => {
    const ending = new AbortController()
    void pollDetail({
      get: () => client.get(id),
      wait: waitVisible,
      onDetail(detail) {
        setTold((before) => ({ detail, map: mapView(detail, before?.map ?? null) }))
        setError(null)
      },
      onError: setError,
      signal: ending.signal,
    })
    return () => ending.abort()
  }, [id, mark, round])

  return { detail: told && merged(told.detail, live), map: told?.map, error, again }
}

/**
 * The row is newer where it is known, and may hold what the user has just asked for. Of its files the details tell more:
 * all of them, with their progress.
 */
function merged(told: DownloadDetail, live: Download | undefined): DownloadDetail {
  return live === undefined ? told : { ...told, ...live, files: told.files }
}
