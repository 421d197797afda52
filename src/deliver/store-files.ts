import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, lchown, open, rename, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../core/disk-error.ts'
import { makeFolder } from './make-folder.ts'
import type { Owner } from './store-owner.ts'

/** What ollama gives its files and folders, whatever the umask: a service of another user has to read them. */
const fileMode = 0o644
const folderMode = 0o755

/** Ends the names of files that are being written. */
export const temporarySuffix = '.new'

/** What a file of the store gets besides its mode. */
export interface FileMarks {
  /** Null: whoever writes it. */
  readonly owner: Owner | null
  readonly time: Date
}

/** A name that nobody else has, for a file that is being written. */
export function temporaryName(): string {
  return `.sluice-${randomBytes(8).toString('hex')}${temporarySuffix}`
}

/** Makes a folder and those above it that are missing, each with its mode, owner and entry on the disk. */
export function makeStoreFolder(path: string, owner: Owner | null): Promise<void> {
  return makeFolder(path, async (made) => {
    await chmod(made, folderMode)
    if (owner) await lchown(made, owner.uid, owner.gid)
    await syncFolder(dirname(made))
  })
}

/** Makes names of a folder survive a power cut. File systems that cannot sync folders are left as they are. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folder.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'ENOTSUP'].includes(errorCode(error) ?? '')) throw error
  } finally {
    await folder.close()
  }
}

/** Opens a file that was written elsewhere, never through a link, and never waiting for a pipe. */
export function openOwn(path: string): Promise<FileHandle> {
  // Windows syncs only what is open for writing, and has neither of the two other flags.
  const mode = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY
  return open(path, mode | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
}

/** Gives an open file the mode, owner and time of a store's. */
export async function mark(file: FileHandle, { owner, time }: FileMarks): Promise<void> {
  await file.chmod(fileMode)
  if (owner) await file.chown(owner.uid, owner.gid)
  await file.utimes(time, time)
}

/**
 * Writes a new file under a temporary name into `folder` and gives its path. On an error nothing is left. Without `sync` a
 * power cut may leave it empty.
 */
export async function writeTemporary(
  folder: string,
  bytes: Uint8Array,
  marks: FileMarks,
  sync = true,
): Promise<string> {
  const path = join(folder, temporaryName())
  const file = await open(path, 'wx', fileMode)
  try {
    await file.writeFile(bytes)
    await mark(file, marks)
    if (sync) await file.sync()
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return path
}

/**
 * Gives a synced file its name, replacing what has it (a link itself, not what it leads to), and syncs the folder. From
 * another file system it is copied to a temporary name in `near` first, as a name must never be seen half full.
 */
export async function moveInto(from: string, to: string, near: string, marks: FileMarks): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error
    await copyInto(from, to, near, marks)
    await rm(from, { force: true })
    return
  }
  await syncFolder(dirname(to))
}

/** Copies a file to a temporary name in `near`, which is on the disk of `to`, and renames it. */
export async function copyInto(from: string, to: string, near: string, marks: FileMarks): Promise<void> {
  const path = join(near, temporaryName())
  try {
    await copyFile(from, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    const file = await openOwn(path)
    try {
      await mark(file, marks)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(path, to)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  await syncFolder(dirname(to))
}
