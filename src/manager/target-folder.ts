import { lstat, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { makeFolder } from '../transfer/make-folder.ts'

/** The folder that downloads are confined to. */
export interface TargetFolder {
  /** Its real path. */
  readonly root: string
  /**
   * The absolute folder for a download, links resolved; it need not exist yet. Relative folders are below the root, and
   * absolute ones must be. A `usage` error tells what is wrong: it leads outside, is no folder, or is hidden.
   */
  resolve(dir?: string): Promise<string>
  /** Whether a file is there, lies in the folder or below it, and is no link: only then it may be removed. */
  contains(path: string): Promise<boolean>
}

/** Makes the folder if it is not there. */
export async function createTargetFolder(folder: string): Promise<TargetFolder> {
  const root = await existingFolder(folder)
  return {
    root,
    resolve: async (dir = '') => {
      checkText(dir)
      const path = await realFolder(resolve(root, dir), dir)
      if (!isInside(root, path)) throw outside(dir)
      if (
        relative(root, path)
          .split(sep)
          .some((part) => part.startsWith('.'))
      )
        throw refused(dir, 'is hidden', 'Choose one whose name does not begin with a dot.')
      return path
    },
    contains: async (path) => {
      try {
        if (!isAbsolute(path) || !(await lstat(path)).isFile()) return false
        return isInside(root, await realpath(dirname(path)))
      } catch (error) {
        if (isMissing(error)) return false
        throw new SluiceError('disk', 'A file could not be looked at.', { cause: error })
      }
    },
  }
}

async function existingFolder(folder: string): Promise<string> {
  try {
    makeFolder(folder)
    return await realpath(folder)
  } catch (error) {
    throw new SluiceError('disk-permission', `The folder for downloads cannot be made or opened: ${folder}`, {
      cause: error,
    })
  }
}

function checkText(dir: string): void {
  if (/[\u0000-\u001f\u007f-\u009f]/.test(dir))
    throw new SluiceError('usage', 'The name of the folder contains a control character.', {
      hint: 'Give a folder below that of the daemon.',
    })
  if (dir.split(/[/\\]/).includes('..')) throw outside(dir)
}

/** The path with all links resolved as far as it exists, so that a link cannot lead out of what was checked. */
async function realFolder(path: string, dir: string): Promise<string> {
  try {
    const real = await realpath(path)
    if ((await lstat(real)).isDirectory()) return real
    throw refused(dir, 'is not a folder')
  } catch (error) {
    if (error instanceof SluiceError) throw error
    if (codeOf(error) === 'ENOTDIR') throw refused(dir, 'leads through a file')
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw refused(dir, 'cannot be opened', undefined, error)
  }
  if (await isThere(path)) throw refused(dir, 'is a link that leads nowhere')
  return join(await realFolder(dirname(path), dir), basename(path))
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`))
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function outside(dir: string): SluiceError {
  return refused(dir, 'leads out of the folder for downloads')
}

function refused(dir: string, what: string, hint?: string, cause?: unknown): SluiceError {
  const shown = dir.length > 80 ? `${dir.slice(0, 80)}…` : dir
  return new SluiceError('usage', `The folder "${shown}" ${what}.`, {
    hint: hint ?? 'Give a folder below that of the daemon, which --dir sets.',
    ...(cause === undefined ? {} : { cause }),
  })
}
