import type { PullEvent } from '../models/types.ts'
import type { StoredDownload, StoredFile } from '../store/types.ts'
import type { Finished, Inspection } from '../transfer/types.ts'
import { createFileRemover } from './delete-finished.ts'
import { createModelRemover } from './delete-model.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import { fileRequest, hiddenOfEntry } from './file-request.ts'
import { segmentsOf } from './files-view.ts'
import { deleteLibraries } from './llama/delete-libraries.ts'
import { discardLibraries } from './llama/discard-libraries.ts'
import { fetchLibraries } from './llama/fetch-libraries.ts'
import { findBuilds } from './llama/find-builds.ts'
import { pullRequest } from './model-place.ts'
import { changeOf, findAsset } from './release/find-asset.ts'
import { fetchRelease } from './release/fetch-release.ts'
import { isOneFile } from './request-kind.ts'

/** What came of a download; `files` where it is several. */
export type Fetched = Finished & { readonly files?: readonly StoredFile[] }

/** What is known of a download before it begins: `bytesTotal` is null where a size is not known. */
export interface Found {
  readonly bytesTotal: number | null
  readonly files: readonly StoredFile[]
  /** What else of its row changes by it. */
  change(row: StoredDownload): Partial<StoredDownload>
}

/** What happens to a download, in the words of pulls, and for libraries: */
export type RunEvent =
  | Exclude<PullEvent, { readonly type: 'files' }>
  | { readonly type: 'files'; readonly files: readonly StoredFile[] }
  | { readonly type: 'phase'; readonly phase: 'unpacking' | 'probing' }
  /** The release is known; the detail is for people, '' for none. */
  | { readonly type: 'found'; readonly change: Partial<StoredDownload>; readonly detail: string }

/** What is done for a download outside the manager; its kind decides by whom. */
export interface Fetching {
  /** Rejects as `interrupted` when the signal is aborted, with what is there kept. */
  fetch(entry: Entry, signal: AbortSignal, onEvent: (event: RunEvent) => void): Promise<Fetched>
  /** What it will be, where that can be known before it begins: of all but addresses. */
  preview(entry: Entry, signal: AbortSignal): Promise<Found>
  /** Bytes of a stopped one that are on the disk, null where nobody knows better than its row. */
  stored(entry: Entry): Promise<number | null>
  /** Removes what a stopped one has left. */
  discard(entry: Entry): Promise<void>
  inspect(entry: Entry): Promise<Inspection>
  /** Removes what a completed one made, while it is still that. */
  deleteFinished(entry: Entry): Promise<void>
  /** The same of one that was cancelled in the moment in which it was completed. */
  deleteLate(entry: Entry, finished: Fetched): Promise<void>
}

const nothing: Inspection = { segments: [], connections: [] }

export function createFetching(desk: Desk): Fetching {
  const deleteFile = createFileRemover(desk)
  const deleteModel = createModelRemover(desk)

  async function pullOf(entry: Entry) {
    const { row } = entry
    const places = { dir: await desk.folder.resolve(row.dir), modelsDir: desk.library.dir }
    return { ...pullRequest(row, places, desk.settings()), key: entry.id }
  }

  return {
    async fetch(entry, signal, onEvent) {
      if (entry.row.kind === 'llama') {
        await desk.removals.ended()
        return fetchLibraries(desk, entry, signal, onEvent)
      }
      if (entry.row.kind === 'model') {
        const [request, puller] = await Promise.all([pullOf(entry), desk.puller()])
        signal.throwIfAborted()
        return puller.pull(request, { signal, onEvent, limitRate: () => entry.row.options.speedLimit })
      }
      if (entry.row.kind === 'release') return fetchRelease(desk, entry, signal, onEvent)
      const dir = await desk.folder.resolve(entry.row.dir)
      const hidden = hiddenOfEntry(entry, desk.secrets)
      const engine = await desk.engine()
      signal.throwIfAborted()
      return engine.get(fileRequest(entry, hidden, dir, desk.settings()), { signal, onEvent })
    },
    async preview(entry, signal) {
      if (entry.row.kind === 'llama') return findBuilds(desk, entry.row, signal)
      if (entry.row.kind === 'release') {
        const found = await findAsset(desk, entry.row, signal)
        return { bytesTotal: found.size, files: [], change: (row) => changeOf(row, found) }
      }
      const [request, puller] = await Promise.all([pullOf(entry), desk.puller()])
      const { bytesTotal, files } = await puller.preview(request, { signal })
      return { bytesTotal, files, change: () => ({}) }
    },
    async stored({ id, row }) {
      if (!isOneFile(row.kind)) return null
      return (await (await desk.engine()).stored(row.dir, id))?.bytesDone ?? null
    },
    async discard(entry) {
      if (entry.row.kind === 'llama') await discardLibraries(desk, entry)
      else if (entry.row.kind === 'model') await (await desk.puller()).discard(await pullOf(entry), entry.row.files)
      else await (await desk.engine()).discard(entry.row.dir, entry.id)
    },
    async inspect({ id, row, run }) {
      const inside = run ? ((await (await desk.engine()).inspect(id)) ?? nothing) : nothing
      return isOneFile(row.kind) ? inside : { ...inside, segments: segmentsOf(row) }
    },
    deleteFinished: ({ row }) => {
      if (row.kind === 'llama') return deleteLibraries(desk, row)
      return row.kind === 'model' ? deleteModel(row) : deleteFile({ path: row.path, bytes: row.bytesDone })
    },
    async deleteLate({ row }, finished) {
      if (finished.alreadyThere) return
      if (isOneFile(row.kind)) await deleteFile(finished)
      // A model in the store harms nobody, and may be the newer state of one that was there before; so in the cache.
      else if (row.kind === 'model' && row.options.model?.target === 'zip')
        await deleteModel({ ...row, path: finished.path })
    },
  }
}
