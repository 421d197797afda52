import { sql } from 'kysely'
import type { Database, Engine } from './engine.ts'
import { historyFilter } from './history-filter.ts'
import type { HistoryFilter } from './history-filter.ts'
import { direction, everything, matchesIn, nextStretch, rangeOfSort, unindexed } from './history-pass.ts'
import { countFacets, countMatches } from './history-count.ts'
import { choosePlan, facetPlan, isOfFacets, isOfNothing } from './history-plan.ts'
import type { Plan } from './history-plan.ts'
import { entriesOf } from './history-entries.ts'
import type { HistoryPage, HistoryQuery } from './types.ts'

/** Totals are exact up to this number. */
export const maxCounted = 10_000
/** With more matches than this, a page is among the next rows of the sort, or not much further. */
const isCommon = 200_000
/** So many rows are passed in the order of a sort in the time that it takes to look up and sort one. */
const passedPerMatch = 4

/** The same where the index of the sort has all that the filter looks at. */
const passedByIndex = 16

/** Matches spread evenly over a sort fill the page within this times fewer rows. */
const badLuck = 8

/** Ids of rows in order, and how many match. */
export interface Found {
  readonly seqs: readonly number[]
  readonly total: number
  readonly totalIsExact: boolean
}

const nothing: Found = { seqs: [], total: 0, totalIsExact: true }

export async function queryHistory(engine: Engine, query: HistoryQuery): Promise<HistoryPage> {
  // One snapshot, so that the total belongs to the page.
  return engine.reader
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (transaction) => {
      const { seqs, total, totalIsExact } = await findHistory(engine, transaction, query)
      return { entries: await entriesOf(transaction, seqs), total, totalIsExact }
    })
}

/**
 * Finds the page in the way that looks at the fewest rows. Few matches are collected and sorted. Among many, the rows
 * are passed in the order of the sort, from the nearer end, until the page is full; should the matches lie far from
 * that end, they are collected after all.
 */
export async function findHistory(engine: Engine, database: Database, query: HistoryQuery): Promise<Found> {
  const filter = await historyFilter(engine, database, query)
  if (filter.isEmpty) return nothing
  const inFacets = await countFacets(database, filter)
  if (inFacets === 0) return nothing
  if (isOfFacets(filter)) {
    const plan = facetPlan(engine, filter, inFacets)
    return { seqs: await pageOf(engine, database, query, filter, plan, inFacets), total: inFacets, totalIsExact: true }
  }
  const plan = await choosePlan(engine, database, filter, inFacets, query.offset)
  const most = maxCounted + 1
  const found = plan.isCountedLast && !plan.isCounted ? await collectAndCount(database, query, plan, most) : null
  if (found !== null && found.total <= maxCounted) return found
  const total = plan.isCounted
    ? Math.min(plan.found, most)
    : (found?.total ?? (await countMatches(database, plan, most)))
  if (total <= maxCounted) return { seqs: await collect(database, query, plan), total, totalIsExact: true }
  const seqs = query.offset < plan.found || !plan.isAll ? await pass(engine, database, query, filter, plan, total) : []
  return { seqs, total, totalIsExact: false }
}

/** A page of matches whose number is known, from the nearer end. */
async function pageOf(
  engine: Engine,
  database: Database,
  query: HistoryQuery,
  filter: HistoryFilter,
  plan: Plan,
  total: number,
): Promise<readonly number[]> {
  const { limit, offset, descending } = query
  if (offset >= total || limit <= 0) return []
  const size = Math.min(limit, total - offset)
  const fromEnd = total - offset - size
  const isNearEnd = fromEnd < offset
  const near = isNearEnd ? { ...query, limit: size, offset: fromEnd, descending: !descending } : query
  const isCollected = total <= maxCounted && !isOfNothing(filter)
  const seqs = isCollected
    ? await collect(database, near, plan)
    : await pass(engine, database, near, filter, plan, total)
  return isNearEnd ? seqs.toReversed() : seqs
}

/** The matches in order and their number, of at most so many of them; these are all if there are fewer. */
async function collectAndCount(database: Database, query: HistoryQuery, plan: Plan, most: number): Promise<Found> {
  const order = sql`key ${direction(query)}, seq ${direction(query)}`
  const rows = await sql<{ seq: number | null; total: number }>`
    with matches as materialized (
      select h.seq as seq, ${unindexed(query)} as key from ${plan.source} where ${plan.where} limit ${most}),
    page as (select seq, key from matches order by ${order} limit ${query.limit} offset ${query.offset})
    select page.seq as seq, counted.total as total
    from (select count(*) as total from matches) as counted left join page on true
    order by ${order}`.execute(database)
  const seqs = rows.rows.flatMap(({ seq }) => (seq === null ? [] : [seq]))
  return { seqs, total: rows.rows[0]?.total ?? 0, totalIsExact: true }
}

/** Looks at all matches, and sorts them. */
async function collect(database: Database, query: HistoryQuery, plan: Plan): Promise<readonly number[]> {
  const rows = await sql<{ seq: number }>`
    select h.seq as seq from ${plan.source} where ${plan.where}
    order by ${unindexed(query)} ${direction(query)}, h.seq ${direction(query)}
    limit ${query.limit} offset ${query.offset}`.execute(database)
  return rows.rows.map(({ seq }) => seq)
}

/**
 * Passes the rows in the order of the sort until the page is full. If that took longer than looking at all matches
 * does, these are collected after all.
 */
async function pass(
  engine: Engine,
  database: Database,
  query: HistoryQuery,
  filter: HistoryFilter,
  plan: Plan,
  total: number,
): Promise<readonly number[]> {
  for (const most of await stretches(database, query, filter, plan, total)) {
    const stretch = most === null ? everything : await nextStretch(engine, database, query, filter, null, most)
    const found = await matchesIn(engine, database, query, stretch, [plan.anywhere, ...rangeOfSort(query, filter)])
    if (stretch.until === null || found.length === query.limit) return found.map(({ seq }) => seq)
  }
  return collect(database, query, plan)
}

/** How many rows to pass at the first and at the next try; null for all. */
async function stretches(
  database: Database,
  { limit, offset }: HistoryQuery,
  filter: HistoryFilter,
  plan: Plan,
  total: number,
): Promise<ReadonlyArray<number | null>> {
  if (plan.cost >= isCommon || offset > maxCounted || isOfNothing(filter)) return [null]
  const entries = await countFacets(database, { classes: [], hosts: null })
  const first = Math.ceil((badLuck * (offset + limit) * entries) / total)
  const isCovered = filter.search === null && filter.hosts === null
  const most = Math.ceil((isCovered ? passedByIndex : passedPerMatch) * Math.max(plan.cost, maxCounted))
  return first < most ? [first, most] : [most]
}
