/** The thread in which SQLite runs: statements come in as messages, so that no fsync or scan stops the main thread. */
import { DatabaseSync } from 'node:sqlite'
import type { SQLInputValue, StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

/** One statement for one of the two connections. */
export interface SqliteRequest {
  readonly id: number
  readonly connection: 'writer' | 'reader'
  /** Or `close`, which ends the thread. */
  readonly sql: string
  readonly parameters: readonly unknown[]
}

export type SqliteReply =
  | { readonly id: number; readonly rows: readonly unknown[]; readonly changes: number }
  | { readonly id: number; readonly failure: SqliteFailure }

export interface SqliteFailure {
  readonly message: string
  /** Result code of SQLite with its extension; 0 when it was something else. */
  readonly code: number
}

export interface SqlitePlaces {
  readonly database: string
  readonly lock: string
  /** Newest version of the schema that this Sluice knows. */
  readonly newest: number
}

const maxPrepared = 300
const port = parentPort
if (port === null) throw new Error('This module is a worker.')

try {
  serve(port, workerData as SqlitePlaces)
} catch (error) {
  send({ id: 0, failure: failureOf(error) })
  port.close()
}

function serve(messages: NonNullable<typeof parentPort>, places: SqlitePlaces): void {
  // The system frees this lock when the process ends in whatever way.
  const lock = new DatabaseSync(places.lock, { timeout: 0 })
  lock.exec('begin exclusive')
  inspect(places)

  const connections = { writer: connect(places.database), reader: connect(places.database) }
  // Mapped pages count as memory of this process, although the system may take them back: only so many, and only once.
  connections.reader.exec('pragma query_only = on; pragma mmap_size = 268435456')
  const prepared = { writer: new Map<string, StatementSync>(), reader: new Map<string, StatementSync>() }

  function close(id: number): SqliteReply {
    prepared.writer.clear()
    prepared.reader.clear()
    for (const database of [connections.reader, connections.writer, lock]) database.close()
    return done(id)
  }

  function perform({ id, connection, sql, parameters }: SqliteRequest): SqliteReply {
    const database = connections[connection]
    // A failure such as a full disk may have ended the transaction already.
    if (sql === 'rollback' && !database.isTransaction) return done(id)
    const statement = prepare(database, prepared[connection], sql)
    const values = parameters as SQLInputValue[]
    if (statement.columns().length === 0) return { id, rows: [], changes: Number(statement.run(...values).changes) }
    const rows = statement.all(...values)
    return { id, rows, changes: rows.length }
  }

  messages.on('message', (request: SqliteRequest) => {
    let reply: SqliteReply
    try {
      reply = request.sql === 'close' ? close(request.id) : perform(request)
    } catch (error) {
      reply = { id: request.id, failure: failureOf(error) }
    }
    send(reply)
    if (request.sql === 'close') messages.close()
  })
  send(done(0))
}

/** Reads, and changes nothing: throws when the file is not a database, or not one that this Sluice can use. */
function inspect(places: SqlitePlaces): void {
  const database = new DatabaseSync(places.database, { readOnly: true })
  try {
    const names = database.prepare("select name from sqlite_schema where type = 'table'").all()
    if (names.length === 0) return
    if (!names.some(({ name }) => name === 'sluice_schema')) throw new Error('it belongs to another program')
    const version = Number(database.prepare('select max(version) as version from sluice_schema').get()?.['version'])
    if (version > places.newest) throw new Error(`it was made by a newer Sluice (schema ${version})`)
  } finally {
    database.close()
  }
}

/** In this mode a commit is safe from kill -9 without an fsync; losing power can undo the last ones, in order. */
function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true })
  database.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma temp_store = memory')
  database.exec('pragma cache_size = -16384; pragma journal_size_limit = 67108864')
  return database
}

function prepare(database: DatabaseSync, prepared: Map<string, StatementSync>, sql: string): StatementSync {
  const known = prepared.get(sql)
  if (known !== undefined) return known
  const statement = database.prepare(sql)
  // The search index has rows with numbers too large for JavaScript, which SQLite reports as the last one inserted.
  if (statement.columns().length === 0) statement.setReadBigInts(true)
  if (prepared.size >= maxPrepared) prepared.clear()
  prepared.set(sql, statement)
  return statement
}

function failureOf(error: unknown): SqliteFailure {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0
  return { message, code }
}

function done(id: number): SqliteReply {
  return { id, rows: [], changes: 0 }
}

function send(reply: SqliteReply): void {
  port?.postMessage(reply, [])
}
