import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { removeRange, totalBytes } from '../core/ranges.ts'
import { diskError } from '../core/disk-error.ts'
import { takeLock } from './lock.ts'
import { checkKey, readSession, removeSession, sessionFolder, stagingName } from './session.ts'
import type { Session } from './session.ts'
import type { StoredPart } from './types.ts'

const { lstatSync, rmSync } = process.getBuiltinModule('node:fs')

/** What a stopped transfer has left in the folder of its file; null when there is no byte to go on from. */
export function storedPart(dir: string, key: string): StoredPart | null {
  const folder = ownFolder(dir, key)
  const session = folder === null ? null : readSession(folder, key)
  // A part that was whole and had another digest is begun anew.
  if (!session || session.size === null || session.found !== undefined) return null
  const partPath = join(dir, session.part)
  const stat = lstatSync(partPath, { throwIfNoEntry: false })
  if (!stat?.isFile()) return null
  const { size, done, name, reserve = 0 } = session
  const length = Math.max(0, stat.size - reserve)
  const bytesDone = totalBytes(removeRange(done, length, Math.max(size, length)))
  return bytesDone === 0 ? null : { bytesDone, bytesTotal: size, filename: name, partPath }
}

/**
 * Removes the part and the session of a stopped transfer, and nothing else; does nothing where there is none. A session
 * that is damaged names no part: then that stays. Throws `in-use` while somebody works on it, disk errors.
 */
export function discardStored(dir: string, key: string, now: number): void {
  const folder = ownFolder(dir, key)
  if (folder === null) return
  try {
    if (!takeLock(folder, now)) throw new SluiceError('in-use', 'The download is running; its part cannot be removed.')
    const session = readSession(folder, key)
    if (session) removePart(dir, session)
    removeSession(folder)
  } catch (error) {
    throw error instanceof SluiceError ? error : diskError(error, dir)
  }
}

function removePart(dir: string, session: Session): void {
  const path = join(dir, session.part)
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path, { force: true })
}

/** Null when there is none; a link is none, so that nothing outside is ever touched. */
function ownFolder(dir: string, key: string): string | null {
  const folder = sessionFolder(dir, checkKey(key))
  const isFolder = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isFolder(join(dir, stagingName)) && isFolder(folder) ? folder : null
}
