import { createLanes } from './lanes.ts'
import { insertDownloads, loadDownloads, removeDownloads, updateDownloads } from './downloads.ts'
import type { Engine } from './engine.ts'
import { databaseError, withDatabaseErrors } from './failures.ts'
import { readFigures } from './figures.ts'
import { exportHistory } from './history-export.ts'
import { historyEntry } from './history-entries.ts'
import { queryHistory } from './history-read.ts'
import { recordEnds, removeHistory } from './history-write.ts'
import { loadSettings, putRecord, records, removeRecord, saveSettings } from './kept.ts'
import { migrate } from './migrate.ts'
import { newestSchema } from './migrations.ts'
import { openSqlite } from './sqlite-engine.ts'
import type { Store } from './types.ts'

export interface StoreOptions {
  readonly dataDir: string
  /** A postgres:// address; default is SQLite in `dataDir`. */
  readonly database?: string
}

/**
 * Opens the store, made when missing. Rejects with `already-running` while another one has it open, and with `database`
 * when it cannot be used; then nothing in it was changed.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const engine = await openEngine(options)
  try {
    await migrate(engine)
  } catch (error) {
    await engine.close()
    throw databaseError(error)
  }
  return storeOn(engine)
}

/** The database ready for use. */
async function openEngine({ dataDir, database }: StoreOptions): Promise<Engine> {
  if (database === undefined) return openSqlite(dataDir, newestSchema)
  const { openPostgres } = await import('./postgres-engine.ts')
  return openPostgres(database)
}

function storeOn(engine: Engine): Store {
  const lanes = createLanes()
  let closing: Promise<void> | undefined

  function guarded<T>(task: () => Promise<T>): () => Promise<T> {
    return () =>
      withDatabaseErrors(async () => {
        await engine.ready()
        return task()
      })
  }
  const write = <T>(task: () => Promise<T>): Promise<T> => lanes.write(guarded(task))
  const writeHistory = <T>(task: () => Promise<T>): Promise<T> => lanes.writeHistory(guarded(task))
  const readHistory = <T>(task: () => Promise<T>): Promise<T> => lanes.readHistory(guarded(task))

  return {
    description: engine.description,
    loadDownloads: () => write(() => loadDownloads(engine)),
    insertDownloads: (downloads) => write(() => insertDownloads(engine, downloads)),
    updateDownloads: (downloads) => write(() => updateDownloads(engine, downloads)),
    removeDownloads: (ids) => write(() => removeDownloads(engine, ids)),
    recordEnds: (ends) => writeHistory(() => recordEnds(engine, ends)),
    queryHistory: (query) => readHistory(() => queryHistory(engine, query)),
    historyEntry: (id) => readHistory(() => historyEntry(engine, id)),
    removeHistory: (id) => writeHistory(() => removeHistory(engine, id)),
    exportHistory: (query) => exportHistory(engine, query, readHistory),
    figures: (firstDate) => readHistory(() => readFigures(engine, firstDate)),
    loadSettings: () => write(() => loadSettings(engine)),
    saveSettings: (settings) => write(() => saveSettings(engine, settings)),
    records: (kind) => write(() => records(engine, kind)),
    putRecord: (kind, record) => write(() => putRecord(engine, kind, record)),
    removeRecord: (kind, id) => write(() => removeRecord(engine, kind, id)),
    size: () => readHistory(() => engine.size()),
    // Not behind what is being written: that may take long.
    detached: () => withDatabaseErrors(() => engine.detached()),
    close() {
      closing ??= lanes.idle().then(() => withDatabaseErrors(() => engine.close()))
      return closing
    },
  }
}
