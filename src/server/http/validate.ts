import type { z } from 'zod'
import { SluiceError } from '../../core/errors.ts'

/** The value as the schema gives it back; otherwise a `usage` error that names the fields. Values are never repeated. */
export function validated<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new SluiceError('usage', sentence(result.error), { hint: 'See /api/docs for the fields of this route.' })
}

export function sentence(error: z.ZodError): string {
  const parts = error.issues.slice(0, 5).map(({ path, message }) => {
    const field = path.map(String).join('.').slice(0, 100)
    return field === '' ? message.slice(0, 300) : `${field}: ${message.slice(0, 300)}`
  })
  return `${parts.join('; ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?')}.`
}
