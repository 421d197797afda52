import { lstat, unlink } from 'node:fs/promises'
import { SluiceError } from '../core/errors.ts'
import type { Desk } from './desk.ts'

/**
 * Deletes a finished file: only a regular one within the folder of the daemon, and only while it is what was downloaded.
 * One that is gone already is no error; one that was changed or replaced since is refused as `wrong-state` and stays.
 */
export function createFileRemover(desk: Pick<Desk, 'folder' | 'engine'>) {
  return async ({ path, bytes }: { readonly path: string; readonly bytes: number }): Promise<void> => {
    if (!(await desk.folder.contains(path))) return
    try {
      const { size, mtimeMs } = await lstat(path)
      const known = await (await desk.engine()).finished(path)
      if (size !== bytes || (known !== null && known.mtimeMs !== mtimeMs)) throw changed(path)
      await unlink(path)
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return
      throw new SluiceError('disk-permission', 'The file cannot be deleted, so the download stays listed.', { cause })
    }
  }
}

function changed(path: string): SluiceError {
  return new SluiceError('wrong-state', `${path} is no longer the file that was downloaded, so nothing was deleted.`, {
    hint: 'Remove the download without its file, and delete the file yourself if you do not need it.',
  })
}
