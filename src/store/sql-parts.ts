import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** Conditions that must all hold; none at all holds. */
export function allOf(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> {
  return conditions.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(conditions, sql` and `)}`
}
