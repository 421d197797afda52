import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { Tables } from './schema.ts'

export type Database = Kysely<Tables> | Transaction<Tables>

/** The places where a query of the history can begin. */
export type Driver = 'class' | 'facet' | HistoryColumn

/** Columns of `history` with an index. */
export type HistoryColumn = 'ended' | 'name' | 'size' | 'speed' | 'duration' | 'status' | 'host' | 'type'

/** A text to search for, prepared. */
export interface Search {
  /** A condition on the row `h` of history, checked row by row. */
  readonly condition: RawBuilder<boolean>
  /** Entries that contain it, found through an index; null where there is no such index for it. */
  readonly found: SearchSource | null
}

export interface SearchSource {
  /** For FROM; yields `h`. */
  readonly source: RawBuilder<unknown>
  readonly condition: RawBuilder<boolean>
  /** A condition on `h` from any other source: all that contain it are collected, once. */
  readonly member: RawBuilder<boolean>
  /** Whether `count` counts just those that contain it, and not others that look alike. */
  readonly isExact: boolean
  /** How many there are, counted up to `limit`. */
  count(database: Database, limit: number): Promise<number>
}

/** What differs between the two database engines. */
export interface Engine {
  readonly description: string
  /** Text of a statement's parameter, counted from 1. */
  readonly placeholder: (index: number) => string
  /** Type of a column: numbers itself, whole number of 64 bits, floating point, bytes, text that sorts by its bytes. */
  readonly types: Readonly<Record<'serial' | 'integer' | 'real' | 'bytes' | 'text', string>>
  /** A query with the column `name` of all tables. */
  readonly tableNames: string
  /** Statements for the search index: once in a new database, and at each start, where failures do not matter. */
  readonly searchSchema: { readonly required: readonly string[]; readonly optional: readonly string[] }
  readonly writer: Kysely<Tables>
  /** Never sees a part of a transaction of the writer. */
  readonly reader: Kysely<Tables>
  /** `history as h` for FROM, read through the index of `driver` where the engine can be told. */
  historyBy(driver: Driver): RawBuilder<unknown>
  indexWords(database: Database, rows: readonly { readonly seq: number; readonly words: string }[]): Promise<void>
  forgetWords(database: Database, seqs: readonly number[]): Promise<void>
  /** Null when nothing contains the text. */
  search(database: Database, text: string): Promise<Search | null>
  /** Called before every use: rejects when this process is no longer the only user of the database. */
  ready(): Promise<void>
  size(): Promise<number | null>
  close(): Promise<void>
}
