import type { DownloadDetail } from '../../src/server/api-types.ts'
import { bytes, percent } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { mapFigures } from './segment-cells.ts'
import type { MapSource } from './segment-cells.ts'

export interface MapView extends MapSource {
  readonly bytesDone: number
  readonly whole: boolean
  /** A digest of the whole file matched. */
  readonly verified: boolean
  /** Bytes are here, but the daemon tells their places only while it runs. */
  readonly placesUnknown: boolean
  /** Of a model or libraries: how many files are whole, and how many there are. They lie one behind the other. */
  readonly files: { readonly here: number; readonly all: number } | null
}

type MapFields = Pick<
  DownloadDetail,
  'status' | 'bytesDone' | 'bytesTotal' | 'verdict' | 'segments' | 'connectionDetails' | 'kind' | 'files'
>

/** What to draw of a download. `before` is what was drawn of it last: the places still hold when it is paused. */
export function mapView(detail: MapFields, before: MapView | null): MapView {
  const { status, bytesDone, bytesTotal, verdict, segments, connectionDetails } = detail
  const whole = status === 'completed'
  const files = filesOf(detail)
  const base = { total: bytesTotal, bytesDone, whole, verified: whole && verdict === 'verified', files }
  if (whole) {
    const all = [{ start: 0, end: bytesDone, done: bytesDone, active: false }]
    return { ...base, total: bytesDone, segments: all, connections: [], placesUnknown: false }
  }
  // The daemon knows the places of the files also while none of them is fetched. Connections tell theirs within a file.
  if (files !== null) return { ...base, segments, connections: [], placesUnknown: false }
  if (segments.length > 0) return { ...base, segments, connections: connectionDetails, placesUnknown: false }
  const kept = (before?.segments ?? []).map((segment) => ({ ...segment, active: false }))
  const keptHere = mapFigures(kept).bytesHere
  // A little was fetched after the last look; more than that is another story.
  if (keptHere > 0 && bytesDone >= keptHere * 0.9 && before?.placesUnknown === false) {
    return { ...base, segments: kept, connections: [], placesUnknown: false }
  }
  const unplaced = bytesDone > 0 ? [{ start: 0, end: bytesDone, done: bytesDone, active: false }] : []
  return { ...base, segments: unplaced, connections: [], placesUnknown: bytesDone > 0 }
}

function filesOf({ kind, files }: MapFields): MapView['files'] {
  if (kind !== 'model' && kind !== 'llama') return null
  // Before they are known the one file is the download itself.
  if (files.every(({ digest, mediaType }) => digest === null && mediaType === null)) return null
  return { here: files.filter(({ status }) => status === 'completed').length, all: files.length }
}

/** The map as a sentence or two. */
export function mapSummary(view: MapView): string {
  const { total, bytesDone, whole, placesUnknown, segments, connections, files } = view
  if (whole && files !== null) return t('detail.mapAllFiles', { total: bytes(bytesDone), count: files.all })
  if (whole) return t('detail.mapAll', { total: bytes(bytesDone) })
  const done = bytes(bytesDone)
  const fetching = connections.length > 0 ? ` ${t('detail.mapFetching', { count: connections.length })}` : ''
  if (bytesDone === 0) return t('detail.mapNone') + fetching
  if (files !== null && total !== null) {
    const part = { percent: percent(bytesDone / total), done, total: bytes(total) }
    return t('detail.mapFiles', { ...part, here: files.here, count: files.all })
  }
  const size = total === null ? t('common.unknown') : bytes(total)
  if (placesUnknown) return t('detail.mapStored', { done, total: size })
  const count = mapFigures(segments).pieces
  if (total === null) return t('detail.mapHereUnknown', { done, count }) + fetching
  return t('detail.mapHere', { percent: percent(bytesDone / total), done, total: size, count }) + fetching
}
