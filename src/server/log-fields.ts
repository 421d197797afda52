import { redactUrl } from '../core/url.ts'

const secretName = /auth|cookie|token|secret|passw|credential|headers$/i
const mostDepth = 4

/** Fields as they may be logged: addresses without user information and signatures, nothing under a secret's name. */
export function loggable(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, cleaned(name, value, 0)]))
}

function cleaned(name: string, value: unknown, depth: number): unknown {
  if (secretName.test(name)) return '[secret]'
  if (typeof value === 'string') return withoutSecrets(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  if (depth >= mostDepth) return '[deep]'
  if (value instanceof Error) return errorFields(value, depth)
  if (value instanceof URL) return redactUrl(value)
  if (Array.isArray(value)) return value.slice(0, 100).map((one) => cleaned('', one, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cleaned(key, one, depth + 1)]))
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { readonly code?: unknown }
  return {
    name: error.name,
    message: withoutSecrets(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: withoutSecrets(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: cleaned('', error.cause, depth + 1) }),
  }
}

/** Addresses in a text lose what is secret in them. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi, (address) => redactUrl(address))
}
