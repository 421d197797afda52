import { dirname } from 'node:path'
import { SluiceError } from '../core/errors.ts'

const { mkdirSync, statSync } = process.getBuiltinModule('node:fs')

/** Somebody else may take away the folder above in between, but not for ever. */
const attempts = 10

/**
 * Makes a folder and those above it that are missing; one that is there is left as it is. Node's own `recursive` never
 * comes back where a file system (such as /proc) says ENOENT although the folder above is there.
 * @throws errors of the file system, SluiceError `disk-permission` in that case
 */
export function makeFolder(path: string, mode = 0o777): void {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    if (madeOrThere(path, mode)) return
    makeFolder(dirname(path), mode)
  }
  throw new SluiceError('disk-permission', `No folder can be made there: ${path}`)
}

/** False where a folder above is missing. */
function madeOrThere(path: string, mode: number): boolean {
  try {
    mkdirSync(path, { mode })
    return true
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return true
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing || dirname(path) === path) throw error
    return false
  }
}
