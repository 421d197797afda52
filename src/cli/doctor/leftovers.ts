import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatBytes } from '../../core/units.ts'
import { ok, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

/** Deeper folders are not looked into, and no more than so many, so that a home folder takes no minutes. */
const depth = 3
const mostFolders = 2000
const mostListed = 20

interface Part {
  readonly path: string
  readonly size: number
  /** The same line or the daemon would go on with it. */
  readonly resumable: boolean
}

/** Parts of files in the folder and those below it, with their sizes. Nothing is removed: that is the user's choice. */
export async function leftoverFindings(dir: string): Promise<Finding[]> {
  const topic = 'leftovers'
  try {
    const parts = await partsBelow(dir)
    const [resumable, orphans] = [parts.filter((part) => part.resumable), parts.filter((part) => !part.resumable)]
    if (parts.length === 0) return [ok(topic, `no parts in ${dir}`)]
    return [
      ...listed(resumable).map((text) => ok(topic, `${text}, can be resumed`)),
      ...listed(orphans).map((text) =>
        warning(topic, `${text}: nothing will go on with it`, 'Remove it if you do not need it.'),
      ),
    ]
  } catch (error) {
    return [warning(topic, `${dir} cannot be looked through (${reasonOf(error)}).`, 'Check its permissions.')]
  }
}

function listed(parts: readonly Part[]): string[] {
  const lines = parts.slice(0, mostListed).map(({ path, size }) => `${path}, ${formatBytes(size)}`)
  const rest = parts.slice(mostListed)
  if (rest.length === 0) return lines
  return [...lines, `${rest.length} more, ${formatBytes(rest.reduce((sum, { size }) => sum + size, 0))}`]
}

async function partsBelow(dir: string): Promise<Part[]> {
  const parts: Part[] = []
  let level = [dir]
  let folders = 0
  for (let below = 0; below <= depth && level.length > 0; below++) {
    const next: string[] = []
    for (const folder of level) {
      if (folders++ >= mostFolders) return parts
      const entries = await entriesOf(folder, below === 0)
      const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.part')).map(({ name }) => name)
      if (names.length > 0) parts.push(...(await measured(folder, names)))
      for (const entry of entries)
        if (entry.isDirectory() && entry.name !== '.staging') next.push(join(folder, entry.name))
    }
    level = next
  }
  return parts
}

/** A folder below that cannot be read holds no parts of ours. */
async function entriesOf(folder: string, isFirst: boolean) {
  try {
    return await readdir(folder, { withFileTypes: true })
  } catch (error) {
    if (isFirst && reasonOf(error) !== 'ENOENT') throw error
    return []
  }
}

async function measured(folder: string, names: readonly string[]): Promise<Part[]> {
  const known = await partsOfSessions(join(folder, '.staging'))
  const parts: Part[] = []
  for (const name of names) {
    const path = join(folder, name)
    // Holes of a part take no space.
    const { blocks, size } = await stat(path)
    parts.push({ path, size: blocks > 0 ? Math.min(size, blocks * 512) : size, resumable: known.has(name) })
  }
  return parts
}

/** Names of the parts that have a session (docs/formats.md); damaged sessions count as none. */
async function partsOfSessions(staging: string): Promise<Set<string>> {
  const parts = new Set<string>()
  for (const { name } of await entriesOf(staging, false)) {
    if (!name.startsWith('dl-')) continue
    const part = await partOf(join(staging, name, 'session.json'))
    if (part !== undefined) parts.add(part)
  }
  return parts
}

async function partOf(session: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(session, 'utf8'))
    return typeof value === 'object' && value !== null && 'part' in value ? String(value.part) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined
    throw error
  }
}
