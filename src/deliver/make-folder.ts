import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../core/disk-error.ts'
import { SluiceError } from '../core/errors.ts'

/** Somebody else may take away the folder above in between, but not for ever. */
const attempts = 10

/**
 * Makes a folder and those above it that are missing, the outermost first, and calls `onMade` with each. Node's own
 * `recursive` never comes back where a file system (such as /proc) says ENOENT although the folder above is there, and
 * says ENOENT where the disk is read-only.
 * @throws errors of the file system, SluiceError `disk-permission` where it takes no folders
 */
export async function makeFolder(
  path: string,
  onMade: (path: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const found = await makeOne(path)
    if (found === 'made') return onMade(path)
    if (found === 'there') return
    await makeFolder(dirname(path), onMade)
  }
  throw new SluiceError('disk-permission', `No folder can be made there: ${path}`)
}

async function makeOne(path: string): Promise<'made' | 'there' | 'nothing above'> {
  try {
    await mkdir(path)
    return 'made'
  } catch (error) {
    const code = errorCode(error)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return 'there'
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    return 'nothing above'
  }
}
