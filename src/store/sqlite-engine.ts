import { chmod, mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { SluiceError } from '../core/errors.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { sqliteSearch } from './sqlite-search.ts'
import { SqliteError, startSqliteThread } from './sqlite-thread.ts'
import type { SqliteThread } from './sqlite-thread.ts'

const busy = 5
const primaryCode = 0xff

/** Opens `<dataDir>/.history/downloads.db`, made when missing; only the user can read it. */
export async function openSqlite(dataDir: string, newest: number): Promise<Engine> {
  const folder = join(dataDir, '.history')
  const database = join(folder, 'downloads.db')
  const lock = join(folder, 'lock')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    for (const path of [database, lock]) await ownFile(path)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SluiceError('database', `The folder of the database cannot be used: ${reason}.`, { cause: error })
  }
  const thread = await start(database, lock, newest)
  const opened = await identityOf(database)
  const databases = {
    writer: new Kysely<Tables>({ dialect: sqliteDialect(thread, 'writer') }),
    reader: new Kysely<Tables>({ dialect: sqliteDialect(thread, 'reader') }),
  }
  return {
    description: `sqlite ${database}`,
    placeholder: () => '?',
    types: { serial: 'integer', integer: 'integer', real: 'real', bytes: 'blob', text: 'text' },
    tableNames: "select name from sqlite_schema where type = 'table'",
    ...databases,
    ...sqliteSearch,
    historyBy: (driver) => sql`history as h indexed by ${sql.ref(`history_by_${driver}`)}`,
    ready: async () => undefined,
    async size() {
      const sizes = await Promise.all([database, `${database}-wal`].map(sizeOf))
      return sizes.reduce((sum, size) => sum + size, 0)
    },
    detached: async () => ((await identityOf(database)) === opened ? null : replaced(database)),
    close: () => thread.close(),
  }
}

/** Which file it is, '' for none: a new one of the same name is another. */
async function identityOf(path: string): Promise<string> {
  try {
    const { dev, ino } = await stat(path, { bigint: true })
    return `${dev} ${ino}`
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}

function replaced(database: string): SluiceError {
  return new SluiceError('database', `The file ${database} was deleted or replaced while Sluice has it open.`, {
    hint: 'Put it back, or export the queue and start the daemon again: what it knows now is lost when it stops.',
  })
}

/** SQLite gives the files that it makes beside the database the mode of the database. */
async function ownFile(path: string): Promise<void> {
  const file = await open(path, 'a', 0o600)
  await file.chmod(0o600)
  await file.close()
}

async function start(database: string, lock: string, newest: number): Promise<SqliteThread> {
  try {
    return await startSqliteThread({ database, lock, newest })
  } catch (error) {
    if (error instanceof SqliteError && (error.code & primaryCode) === busy) {
      throw new SluiceError('already-running', `Another Sluice uses ${database}.`, { cause: error })
    }
    const reason = error instanceof Error ? error.message : String(error)
    throw new SluiceError('database', `The database ${database} cannot be used: ${reason}.`, {
      hint: 'Nothing in it was changed. Move the file away to begin with an empty one, or use another --data-dir.',
      cause: error,
    })
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return 0
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
