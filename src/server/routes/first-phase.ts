import { z } from 'zod'
import { SluiceError } from '../../core/errors.ts'
import type { Download, Manager } from '../../manager/types.ts'
import type { ServerContext } from '../http/environment.ts'
import { idOnly } from '../id-route.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { addRequest, formToAdd } from '../schemas/add.ts'
import { added } from '../schemas/download.ts'

const tag = 'One file'
const progress = z.strictObject({
  done: z.number().meta({ description: 'Bytes' }),
  total: z.number().meta({ description: 'Bytes, 0 while it is not known' }),
  percent: z.number(),
})

/** Aliases for those who think of one file: they act on the newest download. */
export function firstPhaseRoutes(manager: Manager): Route[] {
  return [
    route({
      method: 'post',
      path: '/download',
      tag,
      summary: 'Add a download; a browser is sent back to the page',
      body: { schema: addRequest, form: formToAdd },
      answer: { status: 201, schema: added },
      async handle({ body, context }) {
        const result = await manager.add(body)
        return backToPage(context) ?? result
      },
    }),
    route({
      method: 'get',
      path: '/progress',
      tag,
      summary: 'How far the newest download is',
      answer: { status: 200, schema: progress },
      handle() {
        const { bytesDone: done, bytesTotal } = manager.newest() ?? { bytesDone: 0, bytesTotal: 0 }
        const total = bytesTotal ?? 0
        return { done, total, percent: total === 0 ? 0 : Math.min(100, Math.floor((done / total) * 1000) / 10) }
      },
    }),
    ...(['pause', 'resume', 'cancel'] as const).map((action) =>
      route({
        method: 'post',
        path: `/${action}`,
        tag,
        summary: `${action} the newest download`,
        answer: { status: 200, schema: idOnly },
        async handle({ context }) {
          const { id } = newest(manager)
          await manager[action](id)
          return backToPage(context) ?? { id }
        },
      }),
    ),
  ]
}

function newest(manager: Manager): Download {
  const download = manager.newest()
  if (download === null)
    throw new SluiceError('not-found', 'There is no download yet.', { hint: 'Add one with POST /download.' })
  return download
}

/** For a form of a page; scripts get JSON. */
function backToPage(context: ServerContext): Response | undefined {
  if (!/\btext\/html\b/i.test(context.req.header('Accept') ?? '')) return undefined
  return new Response(null, { status: 303, headers: { Location: '/' } })
}
