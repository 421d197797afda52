import { z } from 'zod'
import { SluiceError } from '../../core/errors.ts'
import type { Manager } from '../../manager/types.ts'
import type { EventHub } from '../event-hub.ts'
import { isFromHere } from '../http/hosts.ts'
import { metricsText } from '../metrics.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { health } from '../schemas/rest.ts'

const tag = 'Watching'
const eventsQuery = z.object({ lastEventId: z.string().max(30).exactOptional() })

export function watchingRoutes(manager: Manager, hub: EventHub): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/events',
      tag,
      summary: 'Server-Sent Events: a snapshot, then what changes',
      description:
        'Each event has a sequence number as its id. Last-Event-ID (or lastEventId in the query) goes on after that number without a snapshot, as long as the daemon still knows what came since. A reader that does not keep up is dropped.',
      query: eventsQuery,
      answer: { status: 200, type: 'text/event-stream' },
      handle({ query, context }) {
        const headers = { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' }
        if (context.req.method === 'HEAD') return new Response(null, { headers })
        if (hub.full) {
          throw new SluiceError('too-many-requests', 'Too many readers listen to the events already.', {
            retryAfter: 5,
          })
        }
        const last = context.req.header('Last-Event-ID') ?? query.lastEventId ?? ''
        return new Response(hub.stream(/^\d{1,16}$/.test(last) ? Number(last) : null, context), { headers })
      },
    }),
    route({
      method: 'get',
      path: '/api/health',
      tag,
      summary: 'Whether the daemon is well',
      answer: { status: 200, schema: health },
      async handle({ context }) {
        const state = await manager.health()
        if (!context.get('trusted')) return { status: state.status }
        return { ...state, canOpenFolders: state.canOpenFolders && isFromHere(context) }
      },
    }),
    route({
      method: 'get',
      path: '/api/metrics',
      tag,
      summary: 'Counters and gauges for Prometheus',
      answer: { status: 200, type: 'text/plain' },
      handle: () =>
        new Response(metricsText(manager.metrics()), {
          headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
        }),
    }),
  ]
}
