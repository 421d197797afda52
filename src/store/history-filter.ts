import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { allOf, isOneOf } from './sql-parts.ts'
import type { Asked, Database, Engine, Facets, Search } from './engine.ts'
import { millisecondsOf } from './history-rows.ts'
import { keepable, searchWord } from './text.ts'
import type { HistoryQuery } from './types.ts'

/** Ports of one host that a filter without a port finds. */
const maxPorts = 200

/** The conditions of a query on the row `h` of history, by what can answer them. */
export interface HistoryFilter {
  /** Of status, type and kind, on the row `c` of classes. */
  readonly classes: readonly RawBuilder<boolean>[]
  /** Any of these; null for all. */
  readonly hosts: readonly string[] | null
  readonly ended: readonly RawBuilder<boolean>[]
  readonly size: readonly RawBuilder<boolean>[]
  readonly search: Search | null
  /** Nothing can match. */
  readonly isEmpty: boolean
}

export async function historyFilter(engine: Engine, database: Database, query: HistoryQuery): Promise<HistoryFilter> {
  const word = query.search === undefined ? '' : searchWord(query.search)
  const isSearch = word !== null && word !== ''
  const hosts = query.host === undefined ? null : await hostsAskedFor(database, keepable(query.host))
  const search = isSearch ? await engine.search(database, word, askedBy(query, hosts)) : null
  return {
    classes: classConditions(query),
    hosts,
    ended: endedConditions(query),
    size: sizeConditions(query),
    search,
    isEmpty: word === null || (isSearch && search === null) || query.status?.length === 0,
  }
}

/** The host itself, and without a port those of the history that differ from it by a port only. */
async function hostsAskedFor(database: Database, host: string): Promise<readonly string[]> {
  if (/:\d+$/.test(host)) return [host]
  // All that begin with the host and a colon: the sign after the colon is the semicolon.
  const known = await sql<{ host: string }>`
    select distinct host from facets where host > ${`${host}:`} and host < ${`${host};`}
    order by host limit ${maxPorts}`.execute(database)
  const ported = known.rows.filter((row) => /^\d+$/.test(row.host.slice(host.length + 1)))
  return [host, ...ported.map((row) => row.host)]
}

function askedBy({ status, type, kind, since, until }: HistoryQuery, hosts: readonly string[] | null): Asked {
  const facets: Array<readonly [keyof Facets, readonly string[] | undefined]> = [
    ['status', status],
    ['type', type === undefined ? type : [keepable(type)]],
    ['kind', kind === undefined ? kind : [keepable(kind)]],
    ['host', hosts ?? undefined],
  ]
  return {
    facets: facets.flatMap(([name, values]) => (values === undefined || values.length === 0 ? [] : [[name, values]])),
    since: since === undefined ? null : millisecondsOf(since),
    until: until === undefined ? null : millisecondsOf(until),
  }
}

/** All conditions, the search as given. */
export function conditionsOf(
  filter: HistoryFilter,
  search: RawBuilder<boolean>[] = searchOf(filter),
): RawBuilder<boolean> {
  return allOf([...facetConditions(filter), ...filter.ended, ...filter.size, ...search])
}

/** Conditions on status, type, kind and host. */
export function facetConditions({ classes, hosts }: HistoryFilter): RawBuilder<boolean>[] {
  return [
    ...(hosts === null ? [] : [isOneOf(sql.ref('h.host'), hosts)]),
    ...(classes.length === 0
      ? []
      : [sql<boolean>`h.class in (select c.id from classes as c where ${allOf(classes)} and c.files > 0)`]),
  ]
}

function searchOf({ search }: HistoryFilter): RawBuilder<boolean>[] {
  return search === null ? [] : [search.condition]
}

function classConditions({ status, type, kind }: HistoryQuery): RawBuilder<boolean>[] {
  return [
    ...(status === undefined || status.length === 0 ? [] : [sql<boolean>`c.status in (${sql.join(status)})`]),
    ...(type === undefined ? [] : [sql<boolean>`c.type = ${keepable(type)}`]),
    ...(kind === undefined ? [] : [sql<boolean>`c.kind = ${keepable(kind)}`]),
  ]
}

function endedConditions({ since, until }: HistoryQuery): RawBuilder<boolean>[] {
  return [
    ...(since === undefined ? [] : [sql<boolean>`h.ended >= ${millisecondsOf(since)}`]),
    ...(until === undefined ? [] : [sql<boolean>`h.ended < ${millisecondsOf(until)}`]),
  ]
}

/** An entry of unknown size lies in no range of sizes. */
function sizeConditions({ minSize, maxSize }: HistoryQuery): RawBuilder<boolean>[] {
  if (minSize === undefined && maxSize === undefined) return []
  if (maxSize !== undefined && maxSize < 0) return [sql<boolean>`false`]
  const lower = sql<boolean>`h.size >= ${wholeBytes(Math.ceil(minSize ?? 0))}`
  return maxSize === undefined ? [lower] : [lower, sql<boolean>`h.size <= ${wholeBytes(Math.floor(maxSize))}`]
}

function wholeBytes(size: number): number {
  return Math.min(Math.max(size, 0), Number.MAX_SAFE_INTEGER)
}
