import type { Download } from '../../src/server/api-types.ts'
import type { ErrorCode } from '../../src/core/errors.ts'
import { modelPlace } from '../state/model-place.ts'
import type { ModelPlace } from '../state/model-place.ts'

/** What can be done with one download from its row. */
export type RowAction =
  | 'pause'
  | 'resume'
  | 'retry'
  | 'redownload'
  | 'details'
  | 'top'
  | 'up'
  | 'down'
  | 'bottom'
  | 'priority'
  | 'limit'
  | 'openFolder'
  | 'moveFile'
  | 'copyLink'
  | 'copyDigest'
  | 'cancel'
  | 'remove'
  | 'removeFile'
  | 'removeModel'
  | 'removeLibraries'

export type Tone = 'accent' | 'good' | 'warning' | 'danger' | 'quiet'

/** As the daemon says, and `missing`: completed, and the file is gone. */
export type RowState = Download['status'] | 'missing'

/** What the second line tells besides the host; times in ms since 1970. */
export type Note =
  | { readonly kind: 'error'; readonly error: NonNullable<Download['error']>; readonly retryAt: number | null }
  | { readonly kind: 'missing'; readonly place: ModelPlace | null }
  | {
      readonly kind: 'waiting'
      readonly reason: 'low-disk' | 'start-at' | 'auto-start-off'
      readonly startAt: number | null
    }
  | { readonly kind: 'retry'; readonly retryAt: number }
  | { readonly kind: 'attempt'; readonly count: number; readonly most: number; readonly connections: number }
  | { readonly kind: 'connections'; readonly count: number }
  | { readonly kind: 'no-size' }
  | {
      readonly kind: 'completed'
      readonly at: number
      readonly seconds: number
      readonly speed: number
      /** Of a model. */
      readonly place: ModelPlace | null
    }

/** A way on from an error besides trying again. */
export type Remedy = 'free-space' | 'new-link'

export interface RowView {
  readonly state: RowState
  readonly tone: Tone
  /** Of 1; null while the size is unknown. */
  readonly fraction: number | null
  /** The line shows how far it is: it runs, or stopped on its way. */
  readonly showsProgress: boolean
  readonly primary: RowAction | null
  readonly remedy: Remedy | null
  readonly note: Note | null
  /** Speed and time left say something. */
  readonly moves: boolean
}

export const stateTones: Readonly<Record<RowState, Tone>> = {
  created: 'quiet',
  validating: 'quiet',
  queued: 'quiet',
  active: 'accent',
  paused: 'warning',
  completed: 'good',
  error: 'danger',
  cancelled: 'quiet',
  missing: 'danger',
}

const primaries: Readonly<Record<RowState, RowAction | null>> = {
  created: null,
  validating: null,
  queued: 'pause',
  active: 'pause',
  paused: 'resume',
  completed: null,
  error: 'retry',
  cancelled: 'retry',
  missing: 'redownload',
}

function rowState(download: Pick<Download, 'status' | 'missing'>): RowState {
  return download.status === 'completed' && download.missing ? 'missing' : download.status
}

/** Everything that a row shows of a download, but the words. */
export function rowView(download: Download): RowView {
  const state = rowState(download)
  const { bytesDone, bytesTotal, status } = download
  const fraction = fractionOf(download)
  return {
    state,
    tone: stateTones[state],
    fraction,
    showsProgress: status === 'active' || ((status === 'paused' || status === 'error') && bytesDone > 0),
    primary: primaries[state],
    remedy: status === 'error' ? remedyFor(download.error?.code) : null,
    note: noteOf(download, state, bytesTotal),
    moves: status === 'active',
  }
}

function fractionOf({ status, bytesDone, bytesTotal }: Download): number | null {
  if (status === 'completed') return 1
  if (bytesTotal === null) return null
  return bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal)
}

function noteOf(download: Download, state: RowState, bytesTotal: number | null): Note | null {
  const retryAt = timeOf(download.retryAt)
  if (state === 'error' && download.error) return { kind: 'error', error: download.error, retryAt }
  if (state === 'missing') return { kind: 'missing', place: modelPlace(download) }
  if (state === 'queued') return waitingNote(download, retryAt)
  if (state === 'completed') {
    const at = timeOf(download.completedAt)
    const seconds = download.activeSeconds
    return at === null
      ? null
      : {
          kind: 'completed',
          at,
          seconds,
          speed: seconds > 0 ? download.bytesDone / seconds : 0,
          place: modelPlace(download),
        }
  }
  if (state !== 'active') return null
  const { retries, maxRetries, connections } = download
  if (retries > 0) return { kind: 'attempt', count: retries + 1, most: maxRetries + 1, connections }
  if (bytesTotal === null && download.bytesDone > 0) return { kind: 'no-size' }
  return connections > 0 ? { kind: 'connections', count: connections } : null
}

function waitingNote({ waitingFor, startAt }: Download, retryAt: number | null): Note | null {
  if (waitingFor === 'low-disk' || waitingFor === 'start-at' || waitingFor === 'auto-start-off')
    return { kind: 'waiting', reason: waitingFor, startAt: timeOf(startAt) }
  return retryAt === null ? null : { kind: 'retry', retryAt }
}

const newLinkFor: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad-url',
  'dns',
  'http-unauthorized',
  'http-forbidden',
  'http-not-found',
  'not-the-file',
  'redirect-refused',
  'target-exists',
  'too-many-redirects',
])

function remedyFor(code: ErrorCode | undefined): Remedy | null {
  if (code === 'disk-full') return 'free-space'
  return code !== undefined && newLinkFor.has(code) ? 'new-link' : null
}

function timeOf(iso: string | null): number | null {
  return iso === null ? null : Date.parse(iso)
}

/** The menu of a row in the order of need; `null` separates groups. */
export function rowMenu(download: Download, canOpenFolders: boolean): ReadonlyArray<RowAction | null> {
  const { primary } = rowView(download)
  const { status, digests } = download
  const waits = status === 'queued' || status === 'paused' || status === 'active'
  const ended = status === 'completed' || status === 'cancelled'
  const place = modelPlace(download)
  const isThere = status === 'completed' && !download.missing
  const groups: ReadonlyArray<readonly RowAction[]> = [
    [...(primary ? [primary] : []), 'details'],
    status === 'queued' ? ['top', 'up', 'down', 'bottom'] : [],
    waits ? ['priority', 'limit'] : [],
    [
      // A store is no folder of files, and the daemon shows none but its own.
      ...(canOpenFolders && isThere && (place === null || place === 'zip') ? (['openFolder'] as const) : []),
      ...(isThere && place === null ? (['moveFile'] as const) : []),
      'copyLink',
      ...(Object.keys(digests).length > 0 ? (['copyDigest'] as const) : []),
      ...(ended && primary !== 'redownload' ? (['redownload'] as const) : []),
    ],
    [
      ...(ended ? [] : (['cancel'] as const)),
      'remove',
      // The daemon deletes no folders.
      ...(isThere && place !== 'folder' ? [removalOf(place)] : []),
    ],
  ]
  const shown = groups.filter((group) => group.length > 0)
  return shown.flatMap((group, index): ReadonlyArray<RowAction | null> => (index === 0 ? group : [null, ...group]))
}

function removalOf(place: Exclude<ModelPlace, 'folder'> | null): RowAction {
  if (place === 'libraries') return 'removeLibraries'
  return place === 'store' ? 'removeModel' : 'removeFile'
}

/** The digest that is worth most, to copy or to show; null when none is known. */
export function bestDigest(digests: Download['digests']): readonly [name: string, hex: string] | null {
  for (const name of ['sha512', 'sha256', 'sha1', 'md5'] as const) {
    const hex = digests[name]
    if (hex !== undefined) return [name, hex]
  }
  return null
}
