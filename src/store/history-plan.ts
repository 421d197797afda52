import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Database, Driver, Engine } from './engine.ts'
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
  /** Entries that have to be looked at; a number of entries in a range or of a search is counted up to a limit. */
  readonly cost: number
}

/** Beyond this many entries it matters less which way is the shorter one. */
const maxInRange = 60_000
/** The same for a search, whose counting takes longer; one that finds so many usually finds many more. */
const maxFound = 20_000
const costOfMany = 50_000

/** How many entries have the status, type, kind and host asked for: exact, without looking at any. */
export async function countFacets(database: Database, { classes, host }: HistoryFilter): Promise<number> {
  const total = sql`select cast(coalesce(sum(files), 0) as bigint) as total`
  const chosen = allOf(classes)
  const counted = await (
    host === null
      ? sql<{ total: number }>`${total} from classes as c where ${chosen}`
      : sql<{ total: number }>`${total} from facets
          where host = ${host} and class in (select c.id from classes as c where ${chosen})`
  ).execute(database)
  return counted.rows[0]?.total ?? 0
}

/** The way that looks at the fewest entries, or nearly. `inFacets` is what countFacets gave. */
export async function choosePlan(
  engine: Engine,
  database: Database,
  filter: HistoryFilter,
  inFacets: number,
): Promise<Plan> {
  const found = filter.search?.found ?? null
  const inSearch = found === null ? maxFound : await found.count(database, maxFound)
  const anywhere = found === null || inSearch >= maxFound ? conditionsOf(filter) : conditionsOf(filter, [found.member])
  const plans: Plan[] = [{ ...facetPlan(engine, filter, inFacets), anywhere }]
  if (found !== null) {
    const where = sql<boolean>`${found.condition} and ${conditionsOf(filter, [])}`
    plans.push({ source: found.source, where, anywhere, cost: inSearch < maxFound ? inSearch : costOfMany })
  }
  for (const column of ['ended', 'size'] as const) {
    if (filter[column].length === 0) continue
    const limit = Math.min(maxInRange, ...plans.map(({ cost }) => cost))
    const cost = await countRange(engine, database, column, filter[column], limit)
    plans.push({ source: engine.historyBy(column), where: conditionsOf(filter), anywhere, cost })
  }
  return plans.reduce((best, plan) => (plan.cost < best.cost ? plan : best))
}

/** Looks only at entries of the status, type, kind and host asked for. */
export function facetPlan(engine: Engine, filter: HistoryFilter, inFacets: number): Plan {
  const driver = filter.host !== null ? 'facet' : filter.classes.length > 0 ? 'class' : 'ended'
  const where = conditionsOf(filter)
  return { source: engine.historyBy(driver), where, anywhere: where, cost: inFacets }
}

/** Matches of a plan, counted up to `limit`. */
export async function countMatches(
  database: Database,
  { source, where }: Pick<Plan, 'source' | 'where'>,
  limit: number,
): Promise<number> {
  const counted = await sql<{ total: number }>`
    select count(*) as total from (select 1 from ${source} where ${where} limit ${limit}) as r`.execute(database)
  return counted.rows[0]?.total ?? 0
}

async function countRange(
  engine: Engine,
  database: Database,
  column: Driver,
  range: readonly RawBuilder<boolean>[],
  limit: number,
): Promise<number> {
  return countMatches(database, { source: engine.historyBy(column), where: allOf(range) }, limit)
}

/** Whether all that a plan looks at matches, so that its cost is the number of matches. */
export function isOfOneKind(filter: HistoryFilter): boolean {
  const { ended, size, search } = filter
  if (search !== null && search.found?.isExact !== true) return false
  return [facetConditions(filter), ended, size, search === null ? [] : [search]].filter(isFilled).length === 1
}

function isFilled(conditions: readonly unknown[]): boolean {
  return conditions.length > 0
}

/** Whether the filter is of status, type, kind and host only, or of nothing. */
export function isOfFacets({ ended, size, search }: HistoryFilter): boolean {
  return ended.length === 0 && size.length === 0 && search === null
}

export function isOfNothing(filter: HistoryFilter): boolean {
  return isOfFacets(filter) && facetConditions(filter).length === 0
}
