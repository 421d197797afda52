import { basename, dirname, join } from 'node:path'
import { diskError, errorCode } from '../core/disk-error.ts'
import { SluiceError } from '../core/errors.ts'
import { copyPath, copyVerified } from './copy-verified.ts'
import type { FinishedFiles } from './finished-files.ts'
import { isTaken, land, syncFolder, targetExists } from './landing.ts'
import type { MoveRequest } from './types.ts'

const { lstatSync, realpathSync, rmSync, unlinkSync } = process.getBuiltinModule('node:fs')

/**
 * Gives a finished file another place and gives back its path, as `Engine.move` says. On another file system it is copied,
 * compared and only then named; the old file goes last, so at every moment one of both is whole.
 */
export async function moveFinished(
  finished: FinishedFiles,
  request: MoveRequest,
  signal: AbortSignal,
): Promise<string> {
  const { path, dir, name, ifExists } = request
  const record = finished.recorded(path)
  const before = unchanged(request, record?.mtimeMs)
  const target = join(dir, name)
  if (target === join(realpathSync(dirname(path)), basename(path))) return path
  if (ifExists === 'skip' && isTaken(target)) return path
  if (ifExists === 'fail' && isTaken(target)) throw targetExists(target)
  const policy = ifExists === 'skip' ? 'fail' : ifExists
  const place = landHere(path, dir, name, policy) ?? (await landCopy())
  if (record !== undefined) finished.add({ ...record, path: place, mtimeMs: lstatSync(place).mtimeMs })
  await syncFolder(dir)
  await syncFolder(dirname(path))
  return place

  async function landCopy(): Promise<string> {
    const copy = copyPath(dir, request.key)
    await copyVerified(path, copy, request.sha256, signal)
    try {
      unchanged(request, before.mtimeMs)
      const landed = land(copy, dir, name, policy)
      removeOld(path, policy === 'overwrite' ? null : landed)
      return landed
    } finally {
      rmSync(copy, { force: true })
    }
  }
}

/** Null where the folder is on another file system. */
function landHere(path: string, dir: string, name: string, policy: MoveRequest['ifExists']): string | null {
  try {
    return land(path, dir, name, policy)
  } catch (error) {
    if (error instanceof Error && errorCode(error.cause) === 'EXDEV') return null
    throw error
  }
}

/** What cannot be taken away stays the only one. */
function removeOld(path: string, landed: string | null): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return
    if (landed !== null) rmSync(landed, { force: true })
    throw diskError(error, path)
  }
}

/** Nothing but what was downloaded is moved. */
function unchanged({ path, size }: MoveRequest, mtimeMs: number | undefined): { readonly mtimeMs: number } {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined)
    throw new SluiceError('wrong-state', `${path} is no longer there.`, { hint: 'Download it again.' })
  if (!stat.isFile() || stat.size !== size || (mtimeMs !== undefined && stat.mtimeMs !== mtimeMs))
    throw new SluiceError('wrong-state', `${path} is no longer the file that was downloaded, so it was not moved.`, {
      hint: 'Move it yourself, and remove the download without its file.',
    })
  return stat
}
