import { lstat, unlink } from 'node:fs/promises'
import { SluiceError } from '../core/errors.ts'
import type { StoredDownload } from '../store/types.ts'
import type { Desk } from './desk.ts'
import { placeOfModel } from './model-place.ts'
import { removeModel } from './remove-model.ts'

/** Times of files and of this process may differ by so much, in ms. */
const tolerance = 2000

/**
 * Deletes what a pull made: a zip within the folder of the daemon, or a model of the store with the blobs that no other one
 * uses. What is gone already is no error; what is no longer what was pulled, and a folder of files, is refused as
 * `wrong-state` and stays.
 */
export function createModelRemover(desk: Pick<Desk, 'folder' | 'library' | 'ledger'>) {
  async function deleteZip({ path, bytesDone, completedAt }: StoredDownload): Promise<void> {
    if (!(await desk.folder.contains(path))) return
    try {
      const { size, mtimeMs } = await lstat(path)
      if (size < bytesDone || mtimeMs > Date.parse(completedAt ?? '') + tolerance) throw changed(path)
      await unlink(path)
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return
      throw new SluiceError('disk-permission', 'The zip cannot be deleted, so the download stays listed.', { cause })
    }
  }

  async function removeFromStore({ path, digests }: StoredDownload): Promise<void> {
    const model = (await desk.library.list()).find(({ manifestPath }) => manifestPath === path)
    if (model === undefined) return
    if (model.id !== digests.sha256) throw changed(path)
    await removeModel(desk, model)
  }

  return async (row: StoredDownload): Promise<void> => {
    const place = placeOfModel(row)
    if (place === 'zip') return deleteZip(row)
    if (place === 'store') return removeFromStore(row)
    throw new SluiceError('wrong-state', `${row.path} is a folder, and Sluice deletes no folders.`, {
      hint: 'Remove the download without its files, and delete the folder yourself if you do not need it.',
    })
  }
}

function changed(path: string): SluiceError {
  return new SluiceError('wrong-state', `${path} is no longer what was downloaded, so nothing was deleted.`, {
    hint: 'Remove the download without its file, and delete the file yourself if you do not need it.',
  })
}
