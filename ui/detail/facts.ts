import type { Download } from '../../src/server/api-types.ts'
import type { ModelPlace } from '../state/model-place.ts'

/** Bytes per second over the time it was active; null before there is something to tell. */
export function averageSpeed({
  bytesDone,
  activeSeconds,
}: Pick<Download, 'bytesDone' | 'activeSeconds'>): number | null {
  return bytesDone > 0 && activeSeconds >= 0.1 ? bytesDone / activeSeconds : null
}

/** Part that is here, 0 to 1; null while the size is unknown. An empty file is whole once it is completed. */
export function partDone({ bytesDone, bytesTotal, status }: Pick<Download, 'bytesDone' | 'bytesTotal' | 'status'>) {
  if (status === 'completed') return 1
  if (bytesTotal === null || bytesTotal === 0) return null
  return Math.min(1, bytesDone / bytesTotal)
}

/** Digests by the name of their algorithm, the strongest first. */
export function digestList(
  digests: Download['digests'],
): ReadonlyArray<{ readonly name: string; readonly hex: string }> {
  const names = { sha512: 'SHA-512', sha256: 'SHA-256', sha1: 'SHA-1', md5: 'MD5' } as const
  return (['sha512', 'sha256', 'sha1', 'md5'] as const).flatMap((algorithm) => {
    const hex = digests[algorithm]
    return hex === undefined ? [] : [{ name: names[algorithm], hex }]
  })
}

/** What a person can do with it now, in the order of the buttons. The first one is the main one. */
export type PanelAction = 'pause' | 'resume' | 'retry' | 'redownload' | 'openFolder' | 'cancel' | 'remove'

/** `place` is that of a finished model: the daemon shows no folder but those of its own files. */
export function panelActions(
  { status, waitingFor, missing = false }: Pick<Download, 'status' | 'waitingFor'> & Partial<Pick<Download, 'missing'>>,
  canOpenFolders = false,
  place: ModelPlace | null = null,
): readonly PanelAction[] {
  switch (status) {
    case 'active':
      return ['pause', 'cancel', 'remove']
    case 'created':
    case 'validating':
      return ['cancel', 'remove']
    case 'queued':
      return waitingFor === 'start-at' || waitingFor === 'auto-start-off'
        ? ['resume', 'cancel', 'remove']
        : ['pause', 'cancel', 'remove']
    case 'paused':
      return ['resume', 'cancel', 'remove']
    case 'error':
      return ['retry', 'cancel', 'remove']
    case 'cancelled':
      return ['retry', 'remove']
    case 'completed':
      return canOpenFolders && !missing && (place === null || place === 'zip')
        ? ['openFolder', 'redownload', 'remove']
        : ['redownload', 'remove']
  }
}

/** Changes when more of a download changed than its running numbers: then the details are asked for again. */
export function changeMark(download: Download | undefined): string {
  if (download === undefined) return ''
  const { status, priority, position, speedLimit, retries, retryAt, waitingFor, missing, filename, path } = download
  return JSON.stringify([status, priority, position, speedLimit, retries, retryAt, waitingFor, missing, filename, path])
}
