import type { MiddlewareHandler } from 'hono'
import type { ServerEnvironment } from './environment.ts'

const always: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** On every answer, refusals and unknown paths too. No CORS field is ever sent, so foreign pages read nothing. */
export const securityHeaders: MiddlewareHandler<ServerEnvironment> = async (context, next) => {
  await next()
  secure(context.res)
}

/** Adds the fields to an answer that no route has made. */
export function secure(response: Response): Response {
  for (const [name, value] of Object.entries(always)) response.headers.set(name, value)
  if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store')
  return response
}
