import type { Kysely, RawBuilder, Transaction } from 'kysely'
import type { SluiceError } from '../core/errors.ts'
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
  /** What `count` counts: entries that may contain it, those that do, or those that also have the facets asked for. */
  readonly counts: 'candidates' | 'matches' | 'matches with facets'
  /** A guess, for where counting takes too long: how many there are, and the share of all that they are. */
  readonly estimate: number
  readonly share: number
  /** How many there are, counted up to `limit`. */
  count(database: Database, limit: number): Promise<number>
}

/** A row of history with its text for the search. */
export interface Indexed extends Facets {
  readonly seq: number
  readonly words: string
  readonly ended: number
}

export interface Facets {
  readonly status: string
  readonly type: string
  readonly kind: string
  readonly host: string
}

/** What filters ask of an entry; `ended` in milliseconds, the end not included. */
export interface Asked {
  readonly facets: ReadonlyArray<readonly [kind: keyof Facets, values: readonly string[]]>
  readonly since: number | null
  readonly until: number | null
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
  indexWords(database: Database, rows: readonly Indexed[]): Promise<void>
  forgetWords(database: Database, seqs: readonly number[]): Promise<void>
  /** Null when nothing can match. What is `asked` beside the text may help to find entries sooner. */
  search(database: Database, text: string, asked: Asked): Promise<Search | null>
  /** Called before every use: rejects when this process is no longer the only user of the database. */
  ready(): Promise<void>
  size(): Promise<number | null>
  /** Why what is written does not last although writing works; null when all is well. */
  detached(): Promise<SluiceError | null>
  close(): Promise<void>
}
