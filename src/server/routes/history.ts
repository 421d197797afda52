import type { Manager, ManagerLog } from '../../manager/types.ts'
import { cutAnswer } from '../http/environment.ts'
import type { ServerContext } from '../http/environment.ts'
import { idRoute } from '../id-route.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { added } from '../schemas/download.ts'
import { historyExport, historyQuery } from '../schemas/queries.ts'
import { historyEntry, historyPage, statistics } from '../schemas/rest.ts'

const tag = 'History'

/** What was, and the figures made of it. */
export function historyRoutes(manager: Manager, log: ManagerLog): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/history',
      tag,
      summary: 'Downloads that ended, the latest first',
      query: historyQuery,
      answer: { status: 200, schema: historyPage },
      handle: ({ query }) => manager.history(query),
    }),
    route({
      method: 'get',
      path: '/api/history/export',
      tag,
      summary: 'All entries that match, as a file',
      query: historyExport,
      answer: { status: 200, type: 'application/json' },
      handle: ({ query: { format, query }, context }) =>
        new Response(streamed(manager.exportHistory(query, format), context, log), {
          headers: {
            'Content-Type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json',
            'Content-Disposition': `attachment; filename="sluice-history.${format}"`,
          },
        }),
    }),
    route({
      method: 'get',
      path: '/api/history/{id}',
      tag,
      summary: 'One entry; its id is that of the download',
      answer: { status: 200, schema: historyEntry },
      handle: ({ id }) => manager.historyEntry(id),
    }),
    idRoute({
      method: 'delete',
      path: '/api/history/{id}',
      tag,
      summary: 'Forget an entry; the file and the figures stay',
      act: ({ id }) => manager.removeHistory(id),
    }),
    route({
      method: 'post',
      path: '/api/history/{id}/redownload',
      tag,
      summary: 'A new download of what an entry was',
      answer: { status: 201, schema: added },
      handle: ({ id }) => manager.redownload(id),
    }),
    route({
      method: 'get',
      path: '/api/statistics',
      tag,
      summary: 'Figures over all time, today, the week, hosts and types',
      answer: { status: 200, schema: statistics },
      handle: () => manager.statistics(),
    }),
  ]
}

/** Reads on only when the reader has taken what there was. An error in the middle cuts the answer. */
function streamed(pieces: AsyncIterable<string>, context: ServerContext, log: ManagerLog): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next()
          if (done === true) controller.close()
          else controller.enqueue(encoder.encode(value))
        } catch (error) {
          log.error({ error }, 'The export of the history broke off.')
          cutAnswer(context, controller)
        }
      },
      async cancel() {
        await iterator.return?.()
      },
    },
    { highWaterMark: 0 },
  )
}
