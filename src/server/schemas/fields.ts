import { z } from 'zod'

/** Text of a person: no control characters, and text that can be stored and sent as UTF-8. */
export function text(most: number) {
  return z
    .string()
    .max(most)
    .regex(/^[^\0-\x1f\x7f]*$/, 'No control characters, please')
    .refine((value) => value.isWellFormed(), 'Half of a surrogate pair stands alone')
}

/** A whole number as a query carries it. */
export function wholeNumber(least: number, most: number) {
  return z.preprocess(toNumber, z.int().min(least).max(most))
}

/** The default stands within, where the OpenAPI document finds it. */
function numberOr(usual: number, least: number, most: number) {
  return z.preprocess(toNumber, z.int().min(least).max(most).default(usual))
}

/** One value, several, or several in one with commas. */
export function listOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.preprocess(toList, z.array(z.enum(values)).max(50))
}

export const noUnlessSaid = z.preprocess(toBoolean, z.boolean().default(false))

/** ISO 8601, a date alone is its midnight in UTC; gives back UTC with milliseconds. */
export const moment = z
  .string()
  .max(40)
  .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?$/, {
    error: 'Write a date as 2026-01-31 or 2026-01-31T12:00:00Z',
    abort: true,
  })
  .refine((value) => !Number.isNaN(Date.parse(value)), 'There is no such date')
  .meta({ format: 'date-time' })

/** The same moment in UTC. */
export function utc(value: string): string {
  return new Date(value).toISOString()
}

export const limit = (usual: number, most: number) => numberOr(usual, 1, most)
export const offset = numberOr(0, 0, 1e9)

/**
 * What to sort by, a `-` in front turns the order round. `names` gives for each accepted name the one that is meant: the
 * fields of the answer's JSON are accepted beside the short ones.
 */
export function sorting(names: Readonly<Record<string, string>>, usual: string) {
  const all = Object.keys(names).join(', ')
  return z
    .string()
    .refine((value) => Object.hasOwn(names, value.replace(/^-/, '')), `Choose one of ${all}`)
    .default(usual)
    .meta({ description: `One of ${all}; with - in front the other way round` })
}

export const order = z.enum(['asc', 'desc'])

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value
}

function toList(value: unknown): unknown {
  if (value === undefined) return value
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.flatMap((one) => (typeof one === 'string' ? one.split(',').map((part) => part.trim()) : [one]))
}

function toBoolean(value: unknown): unknown {
  if (value === 'true' || value === '1') return true
  return value === 'false' || value === '0' ? false : value
}
