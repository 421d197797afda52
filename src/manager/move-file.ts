import { mkdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { checkName, oneOf } from './check-fields.ts'
import { localDate } from './clock.ts'
import type { Desk } from './desk.ts'
import type { Entry } from './entry.ts'
import type { MoveFileRequest } from './move-types.ts'
import { isOneFile } from './request-kind.ts'
import { historyOf } from './view.ts'

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
    const place = await engine.move({ path, dir: target, name, ifExists: policy, size, ...sha256 })
    if (place === path || ledger.find(entry.id) !== entry) return
    entry.missing = false
    const fields = { path: place, dir: dirname(place), filename: basename(place), chosenName: chosen ?? chosenName }
    ledger.change(entry, fields, 'moved', place)
    await ledger.written()
    // What was taken out of the history stays out.
    if ((await store.historyEntry(entry.id)) === null) return
    const { row } = entry
    const at = row.completedAt ?? row.addedAt
    const ended = historyOf(entry, 'completed', at)
    await store.recordEnds([{ download: row, entry: ended, localDate: localDate(Date.parse(at)) }])
  }

  /** Made where it is missing; what a link made of it meanwhile is seen. */
  async function folderFor(dir: string): Promise<string> {
    const wanted = await folder.resolve(dir)
    try {
      await mkdir(wanted, { recursive: true })
    } catch (cause) {
      throw new SluiceError('disk-permission', `The folder ${wanted} cannot be made.`, { cause })
    }
    return folder.resolve(wanted)
  }

  return async (entry: Entry, request: MoveFileRequest): Promise<void> => {
    if (entry.moving !== null) throw new SluiceError('in-use', 'The file is being moved already.')
    const work = move(entry, request)
    entry.moving = work.catch(() => undefined)
    try {
      await work
    } finally {
      entry.moving = null
    }
  }
}
