import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { DatabaseConnection, Dialect, Driver } from 'kysely'
import type { SqliteThread } from './sqlite-thread.ts'

/** Kysely on one of the two connections of the thread. */
export function sqliteDialect(thread: SqliteThread, name: 'writer' | 'reader'): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(thread, name),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

function createDriver(thread: SqliteThread, name: 'writer' | 'reader'): Driver {
  const connection: DatabaseConnection = {
    async executeQuery({ sql, parameters }: CompiledQuery) {
      const { rows, changes } = await thread.run(name, sql, parameters)
      return { rows: rows as never[], numAffectedRows: BigInt(changes) }
    },
    streamQuery() {
      throw new Error('Rows are read in pages.')
    },
  }
  // One user at a time: a statement of another one would end up in the open transaction.
  let last: Promise<void> = Promise.resolve()
  let release = (): void => undefined
  const execute = async (sql: string): Promise<void> => void (await connection.executeQuery(CompiledQuery.raw(sql)))
  return {
    async init() {},
    async acquireConnection() {
      const before = last
      const turn = Promise.withResolvers<void>()
      last = turn.promise
      await before
      release = turn.resolve
      return connection
    },
    // A writer that begins as a reader can fail when it first writes.
    beginTransaction: () => execute(name === 'writer' ? 'begin immediate' : 'begin'),
    commitTransaction: () => execute('commit'),
    rollbackTransaction: () => execute('rollback'),
    async releaseConnection() {
      release()
    },
    async destroy() {},
  }
}
