import { access, constants, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Paths } from '../../config/paths.ts'
import { formatBytes } from '../../core/units.ts'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const littleSpace = 100 * 1024 * 1024
/** With less than this not even what Sluice notes for itself can be written. */
const noSpace = 1024 * 1024

/** Whether Sluice can write where it has to, and how much space is left. */
export async function folderFindings(paths: Paths, dir: string): Promise<Finding[]> {
  return [
    await writable('data folder', paths.data, 'Set SLUICE_DATA_DIR to a folder that you may write to.'),
    await writable('cache folder', paths.cache, 'Set SLUICE_CACHE_DIR to a folder that you may write to.'),
    await writable('downloads', dir, 'Choose a folder that you may write to, with --dir.'),
    await space('downloads', dir),
    ...(await spaceOfData(paths.data, dir)),
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

async function space(what: string, dir: string): Promise<Finding> {
  const topic = 'free space'
  try {
    const { bavail, bsize } = await statfs(await nearest(dir))
    const [free, shown] = [bavail * bsize, formatBytes(bavail * bsize)]
    if (free >= littleSpace) return ok(topic, `${shown} for ${what}`)
    const hint = 'Free some space, or use another disk.'
    return free < noSpace
      ? problem(topic, `Only ${shown} are left for ${what}.`, hint)
      : warning(topic, `Only ${shown} are left for ${what}.`, hint)
  } catch (error) {
    return warning(topic, `It cannot be told for ${what} (${reasonOf(error)}).`, 'Look at it yourself.')
  }
}

/** Only where it is another disk. */
async function spaceOfData(data: string, dir: string): Promise<Finding[]> {
  try {
    const [one, other] = await Promise.all([data, dir].map(async (path) => (await stat(await nearest(path))).dev))
    return one === other ? [] : [await space("the daemon's data", data)]
  } catch (error) {
    return [warning('free space', `It cannot be told (${reasonOf(error)}).`, 'Check the folders.')]
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
