import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatBytes } from '../../core/units.ts'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

const topic = 'database'

/**
 * The SQLite file of a data folder: size, who may read it, and, unless a daemon writes to it, whether it is whole.
 * Nothing is changed.
 */
export async function sqliteFindings(dataDir: string, inUse: boolean): Promise<Finding[]> {
  const file = join(dataDir, '.history', 'downloads.db')
  const state = await stateOf(file)
  if (state === undefined) return [ok(topic, `${file} (none yet)`)]
  if ('level' in state) return [state]
  const found = [inUse ? ok(topic, `${file}, in use`) : whole(file, state.size)]
  // Windows has other permissions than these.
  if (process.platform !== 'win32' && (state.mode & 0o077) !== 0)
    found.push(warning(topic, 'Others on this machine may read it.', `Run chmod 600 ${file}`))
  return found
}

async function stateOf(file: string): Promise<{ size: number; mode: number } | Finding | undefined> {
  try {
    return await stat(file)
  } catch (error) {
    const code = reasonOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    return problem(topic, `${file} cannot be looked at (${code}).`, 'Check the permissions of the data folder.')
  }
}

function whole(file: string, size: number): Finding {
  const hint = 'Keep a copy of it, then move it away: the next start makes a new one. Files and parts stay.'
  try {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite')
    const database = new DatabaseSync(file, { readOnly: true })
    try {
      const result = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0]
      if (result === 'ok') return ok(topic, `${file}, ${formatBytes(size)}, whole`)
      return problem(topic, `${file} is damaged: ${String(result)}`, hint)
    } finally {
      database.close()
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return problem(topic, `${file} cannot be read: ${message}.`, hint)
  }
}
