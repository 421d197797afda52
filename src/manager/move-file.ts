import { lstat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { landingPlace } from '../transfer/landing.ts'
import { makeFolder } from '../transfer/make-folder.ts'
import { checkName, oneOf } from './check-fields.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import { forgetMove, keepMoved, movedRow, noteMove } from './move-journal.ts'
import type { MoveFileRequest } from './move-types.ts'
import { isOneFile } from './request-kind.ts'

/**
 * Moves the file of a completed download within the folder of the daemon; row and history tell the new path. `wrong-state`
 * where there is no such file (any more), `in-use` while it is being moved, `target-exists`, `usage` for a folder outside.
 */
export function createFileMover(desk: Pick<Desk, 'folder' | 'engine' | 'settings' | 'ledger' | 'store'>) {
  const { folder, ledger, store } = desk

  async function move(entry: Entry, { dir, filename, ifExists }: MoveFileRequest): Promise<void> {
    const { path, status, kind, bytesDone: size, digests, chosenName } = entry.row
    if (status !== 'completed')
      throw new SluiceError('wrong-state', 'The download is not complete, so it has no file to move.')
    if (!isOneFile(kind))
      throw new SluiceError('wrong-state', 'Models and libraries have places of their own and are not moved.', {
        hint: 'Pull or download them again with another target.',
      })
    const policy = oneOf('ifExists', ifExists, ['rename', 'overwrite', 'skip', 'fail']) ?? desk.settings().ifExists
    const chosen = checkName(filename)
    if (!(await folder.contains(path)))
      throw new SluiceError('wrong-state', 'The file is no longer there.', { hint: 'Download it again.' })
    const target = await folderFor(dir ?? dirname(path))
    const engine = await desk.engine()
    const sha256 = digests.sha256 === undefined ? {} : { sha256: digests.sha256 }
    const name = chosen ?? basename(path)
    const newName = chosen ?? chosenName
    const { mtimeMs } = await lstat(path)
    await noteMove(store, entry.id, {
      from: path,
      to: landingPlace(target, name, policy),
      mtimeMs,
      chosenName: newName,
    })
    try {
      const key = entry.id
      const place = await engine.move({ key, path, dir: target, name, ifExists: policy, size, ...sha256 })
      if (place === path || ledger.find(entry.id) !== entry) return
      entry.missing = false
      ledger.change(entry, movedRow(entry.row, place, newName), 'moved', place)
      await ledger.written()
      await keepMoved(store, entry.row)
    } finally {
      await forgetMove(store, entry.id)
    }
  }

  /** Made where it is missing; what a link made of it meanwhile is seen. */
  async function folderFor(dir: string): Promise<string> {
    const wanted = await folder.resolve(dir)
    try {
      makeFolder(wanted)
    } catch (cause) {
      throw new SluiceError('disk-permission', `The folder ${wanted} cannot be made.`, { cause })
    }
    return folder.resolve(wanted)
  }

  return async (entry: Entry, request: MoveFileRequest): Promise<void> => {
    if (entry.moving !== null)
      throw new SluiceError('in-use', 'The file is being moved already.', { hint: 'Wait until it is there.' })
    const work = move(entry, request)
    entry.moving = work.catch(() => undefined)
    try {
      await work
    } finally {
      entry.moving = null
    }
  }
}
