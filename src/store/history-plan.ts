import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database, Driver, Engine, SearchSource } from './engine.ts'
import { countFacets, countMatches } from './history-count.ts'
import { conditionsOf, facetConditions } from './history-filter.ts'
import type { HistoryFilter } from './history-filter.ts'
import { allOf } from './sql-parts.ts'

/** Where to look for the entries of a filter. */
export interface Plan {
  /** FROM, yields `h`. */
  readonly source: RawBuilder<unknown>
  /** Everything that must hold. */
  readonly where: RawBuilder<boolean>
  /** The same for a source that yields any `h`. */
  readonly anywhere: RawBuilder<boolean>
  /** Entries that it finds, those that match among them. */
  readonly found: number
  /** Whether all that it finds match, as far as they were counted. */
  readonly isCounted: boolean
  /** Whether matches are better counted while they are collected than before. */
  readonly isCountedLast: boolean
  /** False where there are more: they were counted up to a limit. */
  readonly isAll: boolean
  /** Time that looking at all of them takes, that of one row of history being 1. */
  readonly cost: number
}

/** Beyond this many entries it matters less which way is the shorter one. */
const maxInRange = 60_000
/** The same for a search, whose counting takes longer. */
const maxFound = 10_001
/** A guess of more than this is good enough. */
const surelyMany = 3 * maxFound
/** A search can hardly be quicker than a way of this cost. */
const littleCost = 8000
/** Time of looking at the text of an entry, and at a row that a search found. */
const costOfText = 3
const costOfSearched = 1.5

/** The way that takes the least time, or nearly. `inFacets` is what countFacets gave. */
export async function choosePlan(
  engine: Engine,
  database: Database,
  filter: HistoryFilter,
  inFacets: number,
  offset: number,
): Promise<Plan> {
  const costOfRow = filter.search === null ? 1 : 1 + costOfText
  let best = facetPlan(engine, filter, inFacets, costOfRow)
  const facets = facetConditions(filter)
  const ways = [
    { driver: driverOf(filter), facets, ended: filter.ended, size: [] },
    { driver: 'ended' as const, facets: [], ended: filter.ended, size: [] },
    { driver: 'size' as const, facets: [], ended: [], size: filter.size },
  ]
  for (const way of ways) {
    const range = [...way.facets, ...way.ended, ...way.size]
    // Only the facets were counted already.
    if (way.ended.length + way.size.length === 0) continue
    const limit = Math.ceil(Math.min(Math.max(maxInRange, offset + 1), best.cost / costOfRow))
    const source = engine.historyBy(way.driver)
    const found = await countMatches(database, { source, where: allOf(range) }, limit)
    const isAll = found < limit
    const isCounted =
      filter.search === null && range.length === facets.length + filter.ended.length + filter.size.length
    const isCountedLast = isFew(filter, found, isAll)
    const plan = { ...best, source, found, isAll, isCounted, isCountedLast, cost: found * costOfRow }
    if (plan.cost < best.cost) best = plan
  }
  return best.cost < littleCost ? best : searchPlan(database, filter, best, inFacets)
}

/** The way by the search, if that is better than the best other way. */
async function searchPlan(database: Database, filter: HistoryFilter, best: Plan, inFacets: number): Promise<Plan> {
  const found = filter.search?.found ?? null
  if (found === null) return best
  const costOfFound = costOfSearched + (found.counts === 'candidates' ? costOfText : 0)
  const limit = Math.ceil(Math.min(maxFound, best.cost / costOfFound))
  const isCounted = isAnswered(filter, found)
  const isNarrowed = found.counts !== 'matches' && facetConditions(filter).length > 0
  const entries = isNarrowed ? await countFacets(database, { classes: [], hosts: null }) : inFacets
  const estimate = (found.estimate * inFacets) / entries
  const isSurelyMany = estimate > surelyMany && !isCounted
  const counted = isSurelyMany ? limit : await found.count(database, limit)
  const isAll = counted < limit
  const rows = isAll ? counted : Math.max(maxFound, estimate)
  const anywhere = isAll ? conditionsOf(filter, [found.member]) : best.anywhere
  if (rows * costOfFound >= best.cost) return { ...best, anywhere }
  const where = sql<boolean>`${found.condition} and ${conditionsOf(filter, [])}`
  const cost = rows * costOfFound
  return { source: found.source, where, anywhere, found: rows, isAll, isCounted, isCountedLast: true, cost }
}

/** Looks only at entries of the status, type, kind and host asked for. */
export function facetPlan(engine: Engine, filter: HistoryFilter, inFacets: number, costOfRow = 1): Plan {
  const where = conditionsOf(filter)
  const source = engine.historyBy(driverOf(filter))
  const isCountedLast = isFew(filter, inFacets, true)
  const cost = inFacets * costOfRow
  return { source, where, anywhere: where, found: inFacets, isAll: true, isCounted: false, isCountedLast, cost }
}

/** Whether few of the entries that a plan finds are likely to match; counting more needs no look at their sort. */
function isFew({ search }: HistoryFilter, found: number, isAll: boolean): boolean {
  if (isAll && found < maxFound) return true
  return search !== null && found * (search.found?.share ?? 1) < maxFound / 2
}

function driverOf({ hosts, classes }: HistoryFilter): Driver {
  return hosts !== null ? 'facet' : classes.length > 0 ? 'class' : 'ended'
}

/** Whether all that a search counts match the filter. */
function isAnswered(filter: HistoryFilter, { counts }: SearchSource): boolean {
  if (filter.ended.length > 0 || filter.size.length > 0) return false
  return counts === 'matches with facets' || (counts === 'matches' && facetConditions(filter).length === 0)
}

/** Whether the filter is of status, type, kind and host only, or of nothing. */
export function isOfFacets({ ended, size, search }: HistoryFilter): boolean {
  return ended.length === 0 && size.length === 0 && search === null
}

export function isOfNothing(filter: HistoryFilter): boolean {
  return isOfFacets(filter) && facetConditions(filter).length === 0
}
