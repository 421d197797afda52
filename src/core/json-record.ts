import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

/** An object out of JSON; its keys are anything that the sender liked. */
export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A field of its own; never one that all objects have, such as `constructor`. */
export function field(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

/**
 * Refuses (`bad-manifest`) keys that differ from known ones in case alone: other programs take `Layers` for `layers`, and
 * would read other blobs than were checked.
 */
export function refuseOtherCase(record: JsonRecord, known: ReadonlySet<string>): void {
  const folded = new Set(Array.from(known, fold))
  for (const key of Object.keys(record)) {
    if (!known.has(key) && folded.has(fold(key)))
      throw new SluiceError(
        'bad-manifest',
        `The manifest has the field "${excerpt(key)}", which differs in case alone.`,
      )
  }
}

/** By way of upper case, which also takes the long s to be an s, as Go does. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase()
}
