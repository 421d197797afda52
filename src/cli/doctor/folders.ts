import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Paths } from '../../config/paths.ts'
import { formatBytes } from '../../core/units.ts'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const littleSpace = 100 * 1024 * 1024

/** Whether Sluice can write where it has to, and how much space is left. */
export async function folderFindings(paths: Paths, dir: string): Promise<Finding[]> {
  return [
    await writable('data folder', paths.data, 'Set SLUICE_DATA_DIR to a folder that you may write to.'),
    await writable('cache folder', paths.cache, 'Set SLUICE_CACHE_DIR to a folder that you may write to.'),
    await configuration(paths.config),
    await writable('downloads', dir, 'Choose a folder that you may write to, with --dir.'),
    await space(dir),
  ]
}

/** A folder that is missing is made when it is needed: then the one above it counts. */
async function writable(topic: string, folder: string, hint: string): Promise<Finding> {
  try {
    const there = await nearest(folder)
    await access(there, constants.W_OK | constants.X_OK)
    return ok(topic, there === resolve(folder) ? folder : `${folder} (made when needed)`)
  } catch (error) {
    return problem(topic, `${folder} cannot be written (${reasonOf(error)}).`, hint)
  }
}

async function configuration(file: string): Promise<Finding> {
  try {
    await stat(file)
    return ok('configuration', file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return ok('configuration', `${file} (none, and none is needed)`)
    return problem('configuration', `${file} cannot be read (${reasonOf(error)}).`, 'Check its permissions.')
  }
}

async function space(dir: string): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs(await nearest(dir))
    const free = formatBytes(bavail * bsize)
    return bavail * bsize < littleSpace
      ? warning('free space', `Only ${free} are left for downloads.`, 'Free some space, or use another disk.')
      : ok('free space', free)
  } catch (error) {
    return warning('free space', `It cannot be told (${reasonOf(error)}).`, 'Look at it yourself.')
  }
}

/** The folder itself, or the nearest one above it that exists. Rejects when that is a file. */
async function nearest(folder: string): Promise<string> {
  const path = resolve(folder)
  try {
    if ((await stat(path)).isDirectory()) return path
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!missing || dirname(path) === path) throw error
    return nearest(dirname(path))
  }
  throw Object.assign(new Error('It is a file.'), { code: 'ENOTDIR' })
}
