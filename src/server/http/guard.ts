import type { MiddlewareHandler } from 'hono'
import { SluiceError } from '../../core/errors.ts'
import { remoteOf } from './environment.ts'
import type { ServerEnvironment } from './environment.ts'
import { isAllowedHost, isOwnOrigin } from './hosts.ts'
import type { AllowedHosts } from './hosts.ts'
import { createRateLimit } from './rate-limit.ts'
import { createTokenCheck } from './token.ts'

export interface GuardOptions {
  readonly hosts: AllowedHosts
  readonly token?: string
  /** Milliseconds, never going back. */
  readonly now: () => number
}

const requestsPerSecond = 2000
const burst = 20_000

/** Everything that is not public: the API, and the one-file routes of the first phase. */
const closed = /^\/(?:api(?:\/|$)|(?:download|progress|pause|resume|cancel)$)/

/** Of these the routes that hold no data: a person who reads them in a browser cannot send the field. */
const open = /^\/api\/(?:docs|openapi\.json)$/

/**
 * Stands before all routes, known or not. Refuses floods, names that are not the daemon's (DNS rebinding), requests made
 * by foreign pages (CSRF), and, where a token is set, those without it.
 */
export function createGuard(options: GuardOptions): MiddlewareHandler<ServerEnvironment> {
  const flood = createRateLimit(requestsPerSecond, burst, options.now)
  const checkToken = options.token === undefined ? undefined : createTokenCheck(options.token, options.now)
  return async (context, next) => {
    const request = context.req
    const from = remoteOf(context)
    const wait = flood.take(from)
    if (wait > 0) {
      throw new SluiceError('too-many-requests', 'Too many requests came from this address at once.', {
        retryAfter: wait,
      })
    }
    // A target in absolute form names a host too, and counts before the field (RFC 9112, 3.2.2).
    const target = URL.parse(request.url)?.host
    const host = request.header('Host') ?? target
    if (!isAllowedHost(host, options.hosts) || !isAllowedHost(target, options.hosts))
      throw new SluiceError('foreign-host', 'The request asks for a host that this daemon does not serve.')
    checkOrigin(request.method, host, request.header('Origin'), request.header('Sec-Fetch-Site'))
    context.set('trusted', checkToken === undefined)
    if (checkToken !== undefined && closed.test(request.path) && !open.test(request.path)) {
      const header = request.header('Authorization')
      // Whoever watches over the daemon may ask without a token, and then hears less.
      if (request.path !== '/api/health' || header !== undefined) {
        checkToken(header, from)
        context.set('trusted', true)
      }
    }
    await next()
  }
}

function checkOrigin(method: string, host: string | undefined, origin: string | undefined, site: string | undefined) {
  if (origin !== undefined && !isOwnOrigin(origin, host))
    throw new SluiceError('foreign-origin', 'A page of another site sent this request.')
  if (site === 'cross-site' && method !== 'GET' && method !== 'HEAD')
    throw new SluiceError('foreign-origin', 'A page of another site sent this request.')
}
