import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { numberedName } from '../core/file-name.ts'
import { diskError } from '../core/disk-error.ts'
import type { IfExists } from './types.ts'

const { closeSync, fsync, linkSync, lstatSync, openSync, renameSync, rmSync, unlinkSync } =
  process.getBuiltinModule('node:fs')

const mostCopies = 999

/**
 * Gives a part file, complete and synced, its final name, and the path back. Nothing that exists is replaced unless the
 * policy is `overwrite`; then the old file stays until the new one takes its place.
 * @throws SluiceError `target-exists` for the policies `fail` and `skip`, disk errors
 */
export function land(part: string, dir: string, name: string, policy: IfExists): string {
  const target = join(dir, name)
  try {
    if (policy === 'overwrite') {
      renameSync(part, target)
      return target
    }
    if (moveWithoutReplacing(part, target)) return target
    if (policy === 'rename') {
      for (let n = 1; n <= mostCopies; n++) {
        const other = join(dir, numberedName(name, n))
        if (moveWithoutReplacing(part, other)) return other
      }
    }
  } catch (error) {
    throw diskError(error, target)
  }
  throw targetExists(target)
}

export function targetExists(target: string): SluiceError {
  return new SluiceError('target-exists', `There is a file already: ${target}`)
}

const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'])

/** The path that `land` gives unless somebody else takes it in between. */
export function landingPlace(dir: string, name: string, policy: IfExists): string {
  const target = join(dir, name)
  if (policy !== 'rename') return target
  for (let n = 0; n <= mostCopies; n++) {
    const place = n === 0 ? target : join(dir, numberedName(name, n))
    if (!isTaken(place)) return place
  }
  return target
}

/**
 * Moves without ever replacing; false when the target exists. A link refuses where a rename would replace. After an end
 * of the process between the link and the removal of the old name, both are one file: then only the old name goes.
 */
export function moveWithoutReplacing(part: string, target: string): boolean {
  try {
    linkSync(part, target)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (code === 'EEXIST') {
      if (!isOneFile(part, target)) return false
      unlinkSync(part)
      return true
    }
    if (!noLinks.has(code)) throw error
    return moveByReservation(part, target)
  }
  unlinkSync(part)
  return true
}

function isOneFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false, bigint: true }))
  return a !== undefined && b !== undefined && a.isFile() && a.ino === b.ino && a.dev === b.dev && a.nlink > 1n
}

/** For file systems without hard links: the name is taken with an empty file first. */
function moveByReservation(part: string, target: string): boolean {
  try {
    closeSync(openSync(target, 'wx'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  try {
    renameSync(part, target)
  } catch (error) {
    rmSync(target, { force: true })
    throw error
  }
  return true
}

/** A file or link of that name, whatever it is. */
export function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Makes a new name survive a power cut. File systems that cannot sync folders are left as they are. */
export function syncFolder(dir: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let fd: number
    try {
      fd = openSync(dir, 'r')
    } catch (error) {
      // A folder that is gone has nothing to sync; Windows cannot sync any.
      if (process.platform === 'win32' || (error as NodeJS.ErrnoException).code === 'ENOENT') return resolve()
      return reject(diskError(error, dir))
    }
    fsync(fd, (error) => {
      closeSync(fd)
      if (error && error.code !== 'EINVAL' && error.code !== 'EPERM' && error.code !== 'ENOTSUP')
        reject(diskError(error, dir))
      else resolve()
    })
  })
}
