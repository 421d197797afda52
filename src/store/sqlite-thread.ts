import { Worker } from 'node:worker_threads'
import type { SqlitePlaces, SqliteReply, SqliteRequest } from './sqlite-worker.ts'

export interface SqliteThread {
  run(connection: 'writer' | 'reader', sql: string, parameters: readonly unknown[]): Promise<SqliteResult>
  /** Closes the database and ends the thread. */
  close(): Promise<void>
}

export interface SqliteResult {
  readonly rows: readonly unknown[]
  readonly changes: number
}

/** A failure in SQLite. */
export class SqliteError extends Error {
  readonly code: number

  constructor(message: string, code: number) {
    super(message)
    this.name = 'SqliteError'
    this.code = code
  }
}

interface Waiting {
  readonly resolve: (result: SqliteResult) => void
  readonly reject: (error: Error) => void
}

/** Starts the thread; settles when the database is open. */
export async function startSqliteThread(places: SqlitePlaces): Promise<SqliteThread> {
  const worker = new Worker(new URL('./sqlite-worker.ts', import.meta.url), {
    workerData: places,
    // Options of the command line are for the main thread.
    execArgv: [],
    // Rows live short; a small space for young objects keeps the daemon's memory low.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let end: Error | undefined
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))

  function fail(error: Error): void {
    end ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (reply: SqliteReply) => {
    const one = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('failure' in reply) one?.reject(new SqliteError(reply.failure.message, reply.failure.code))
    else one?.resolve(reply)
    if (waiting.size === 0) worker.unref()
  })
  worker.once('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.once('exit', () => fail(new Error('The thread of the database has ended.')))

  function answer(id: number): Promise<SqliteResult> {
    return new Promise((resolve, reject) => {
      if (end !== undefined) {
        reject(end)
        return
      }
      worker.ref()
      waiting.set(id, { resolve, reject })
    })
  }

  function run(connection: 'writer' | 'reader', sql: string, parameters: readonly unknown[]): Promise<SqliteResult> {
    const id = ++lastId
    const result = answer(id)
    if (end === undefined) worker.postMessage({ id, connection, sql, parameters } satisfies SqliteRequest, [])
    return result
  }

  await answer(0)
  return {
    run,
    async close() {
      await run('writer', 'close', [])
      worker.ref()
      await exited
    },
  }
}
