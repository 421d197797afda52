import type { z } from 'zod'
import { SluiceError } from '../core/errors.ts'

/** What is wrong with input that a schema refused: a `usage` error that names the fields and repeats no values. */
export function schemaError(error: z.ZodError, hint?: string): SluiceError {
  const sentences = error.issues.slice(0, 5).map(({ path, message }) => {
    const place = path.map((part) => String(part).slice(0, 40)).join('.')
    return place === '' ? message : `${place}: ${message}`
  })
  const more = error.issues.length > 5 ? ` (and ${error.issues.length - 5} more)` : ''
  return new SluiceError('usage', `${sentences.join('; ').slice(0, 500)}${more}.`, hint === undefined ? {} : { hint })
}
