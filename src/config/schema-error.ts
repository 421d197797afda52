import type { z } from 'zod'
import { SluiceError } from '../core/errors.ts'
import { plainWords } from './plain-words.ts'

/** What a schema makes of a value; otherwise a `usage` error that names the fields and repeats no values. */
export function checked<T>(schema: z.ZodType<T>, value: unknown, hint?: string): T {
  const result = schema.safeParse(value, { error: plainWords })
  if (result.success) return result.data
  throw new SluiceError('usage', sentence(result.error), hint === undefined ? {} : { hint })
}

function sentence({ issues }: z.ZodError): string {
  const parts = issues.slice(0, 5).map(({ path, message }) => {
    const field = path.map((part) => String(part).slice(0, 40)).join('.')
    return field === '' ? message : `${field}: ${message}`
  })
  const more = issues.length > 5 ? ` (and ${issues.length - 5} more)` : ''
  const text = `${parts.join('; ').slice(0, 500)}${more}.`.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?')
  return issues[0]?.path.length === 0 ? text.charAt(0).toUpperCase() + text.slice(1) : text
}
