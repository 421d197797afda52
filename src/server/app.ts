import { Hono } from 'hono'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { Manager, ManagerLog } from '../manager/types.ts'
import { createEventHub } from './event-hub.ts'
import type { ServerContext, ServerEnvironment } from './http/environment.ts'
import { createGuard } from './http/guard.ts'
import type { AllowedHosts } from './http/hosts.ts'
import { problemResponse } from './http/problem.ts'
import { securityHeaders } from './http/security-headers.ts'
import type { PageFiles } from './pages/page-files.ts'
import { servePage } from './pages/serve-page.ts'
import { mountRoutes } from './route.ts'
import type { Route } from './route.ts'
import { documentRoutes } from './routes/documents.ts'
import { downloadRoutes } from './routes/downloads.ts'
import { firstPhaseRoutes } from './routes/first-phase.ts'
import { historyRoutes } from './routes/history.ts'
import { llamaRoutes } from './routes/llama.ts'
import { modelRoutes } from './routes/models.ts'
import { queueRoutes } from './routes/queue.ts'
import { scheduleRoutes, settingsRoutes, webhookRoutes } from './routes/settings.ts'
import { watchingRoutes } from './routes/watching.ts'

export interface AppOptions {
  readonly hosts: AllowedHosts
  /** Asked for with every request to the API where it is set. */
  readonly token?: string
  readonly version: string
  readonly log: ManagerLog
  /** The built page; without it there is a small one that says so. */
  readonly page?: PageFiles
  /** Milliseconds that never go back; default the clock of the process. */
  readonly now?: () => number
}

export interface App {
  readonly hono: Hono<ServerEnvironment>
  readonly routes: readonly Route[]
  /** Ends the streams of events and answers everything that still comes with `stopping`. */
  stop(): void
}

/** The HTTP API over a manager; `hono.request()` asks it without a socket. */
export function createApp(manager: Manager, options: AppOptions): App {
  const { log, now = () => performance.now() } = options
  const hub = createEventHub(manager.events)
  let stopping = false
  const routes: readonly Route[] = [
    ...downloadRoutes(manager),
    ...queueRoutes(manager),
    ...modelRoutes(manager),
    ...llamaRoutes(manager),
    ...historyRoutes(manager, log),
    ...settingsRoutes(manager),
    ...scheduleRoutes(manager),
    ...webhookRoutes(manager),
    ...watchingRoutes(manager, hub),
    ...firstPhaseRoutes(manager),
    ...documentRoutes(() => routes, options.version),
  ]

  const hono = new Hono<ServerEnvironment>()
  hono.use(securityHeaders)
  hono.use(async (context, next) => {
    const start = now()
    await next()
    log.debug(
      { method: context.req.method, path: context.req.path, status: context.res.status, ms: Math.round(now() - start) },
      'request',
    )
  })
  hono.use(createGuard({ hosts: options.hosts, now, ...(options.token === undefined ? {} : { token: options.token }) }))
  hono.use(async (_context, next) => {
    if (stopping) throw isStopping()
    await next()
  })
  if (options.page !== undefined) hono.use(servePage(options.page))
  mountRoutes(hono, routes)
  hono.notFound(() =>
    problemResponse(new SluiceError('not-found', 'There is no such route.', { hint: 'See /api/docs for all routes.' })),
  )
  hono.onError((thrown, context) => {
    // What was asked before the end began is ended with the rest.
    const isEnded = stopping && asSluiceError(thrown).code === 'interrupted'
    return refusal(isEnded ? isStopping() : thrown, context, log)
  })
  return {
    hono,
    routes,
    stop() {
      stopping = true
      hub.close()
    },
  }
}

function isStopping(): SluiceError {
  return new SluiceError('stopping', 'The daemon is stopping.', { retryAfter: 2 })
}

/** What was not foreseen is told to the log with its trace, and to nobody else. */
function refusal(thrown: unknown, context: ServerContext, log: ManagerLog): Response {
  const error = asSluiceError(thrown)
  if (error.code !== 'internal') {
    const extra = error.code === 'unauthorized' ? { 'WWW-Authenticate': 'Bearer realm="sluice"' } : {}
    // The rest of a body that is refused unread would be taken for the next request.
    return problemResponse(error, error.code === 'too-large' ? { ...extra, Connection: 'close' } : extra)
  }
  // Who hangs up in the middle of a body gets no answer anyway.
  if (context.req.raw.signal.aborted) return problemResponse(new SluiceError('usage', 'The request broke off.'))
  log.error({ method: context.req.method, path: context.req.path, error: thrown }, 'A request failed unexpectedly.')
  return problemResponse(
    new SluiceError('internal', 'Something unexpected happened; the log of the daemon says more.', {
      hint: 'Please report this fault of Sluice with what the log says.',
    }),
  )
}
