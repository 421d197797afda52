import type { DownloadStatus } from '../core/download-states.ts'
import type { StoredDownload, StoredFile } from '../store/types.ts'
import type { Inspection } from '../transfer/types.ts'
import type { DownloadFile } from './types.ts'

/** In lists and events: a model may have thousands of blobs. */
export const filesInLists = 50

/** A download as files: its own, or the one that it is. */
export function filesOf(row: StoredDownload, most = Infinity): readonly DownloadFile[] {
  if (row.files.length > 0) return row.files.slice(0, most).map((file) => fileOf(file, row.status))
  const { filename: title, path, bytesDone, bytesTotal, status, verdict, digests } = row
  return [{ title, path, digest: null, mediaType: null, bytesDone, bytesTotal, status, verdict, digests }]
}

/** What of a file of a pull is kept. */
export function storedFile(file: StoredFile): StoredFile {
  const { title, path, digest, mediaType, bytesDone, bytesTotal, status, verdict } = file
  return { title, path, digest, mediaType, bytesDone, bytesTotal, status, verdict }
}

/** Nothing is on its way of a download that does not run, whatever was heard last. */
function fileOf(file: StoredFile, whole: DownloadStatus): DownloadFile {
  const { title, path, bytesDone, verdict } = file
  const digest = file.digest || null
  const mediaType = file.mediaType || null
  const bytesTotal = digest === null && file.bytesTotal === 0 ? null : file.bytesTotal
  const waits = file.status === 'queued' || (file.status === 'active' && whole !== 'active')
  const rests = whole === 'paused' || whole === 'cancelled' ? whole : 'queued'
  const status = waits ? rests : file.status
  const digests = verdict === 'verified' && digest !== null ? { sha256: digest.replace('sha256:', '') } : {}
  return { title, path, digest, mediaType, bytesDone, bytesTotal, status, verdict, digests }
}

/** What is here of the whole, one file after the other. */
export function segmentsOf({ files, status }: StoredDownload): Inspection['segments'] {
  let end = 0
  return files
    .filter(({ bytesTotal }) => bytesTotal > 0)
    .map((file) => {
      const start = end
      end += file.bytesTotal
      return { start, end, done: file.bytesDone, active: file.status === 'active' && status === 'active' }
    })
}
