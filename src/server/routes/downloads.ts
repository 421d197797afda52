import { z } from 'zod'
import type { Manager } from '../../manager/types.ts'
import { SluiceError } from '../../core/errors.ts'
import { isFromHere } from '../http/hosts.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { addRequest, formToAdd } from '../schemas/add.ts'
import { added, downloadDetail, downloadList, preview } from '../schemas/download.ts'
import { listQuery, removal } from '../schemas/queries.ts'

const tag = 'Downloads'
export const idOnly = z.strictObject({ id: z.string() })

const actions = {
  pause: 'Stop it, its part is kept; a free place goes to the next in the queue',
  resume: 'Back into the queue, to go on from where it was',
  cancel: 'Give it up',
  retry: 'Try again after an error, or after it was cancelled',
} as const

/** One download: added, asked for, changed, removed. */
export function downloadRoutes(manager: Manager): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/download/add',
      tag,
      summary: 'Add a download',
      description: 'As JSON or as a form. In a form, headers, mirrors and checksum stand one a line.',
      body: { schema: addRequest, form: formToAdd },
      answer: { status: 201, schema: added },
      handle: ({ body }) => manager.add(body),
    }),
    route({
      method: 'get',
      path: '/api/downloads',
      tag,
      summary: 'List downloads',
      query: listQuery,
      answer: { status: 200, schema: downloadList },
      handle: ({ query }) => manager.list(query),
    }),
    route({
      method: 'get',
      path: '/api/download/{id}',
      tag,
      summary: 'One download with its segments, connections and timeline',
      answer: { status: 200, schema: downloadDetail },
      handle: ({ id }) => manager.get(id),
    }),
    route({
      method: 'delete',
      path: '/api/download/{id}',
      tag,
      summary: 'Remove a download from the list',
      description: 'It stays in history. The file stays, unless deleteFile is true.',
      query: removal,
      answer: { status: 200, schema: idOnly },
      async handle({ id, query }) {
        await manager.remove(id, query)
        return { id }
      },
    }),
    ...(Object.keys(actions) as Array<keyof typeof actions>).map((action) =>
      route({
        method: 'post',
        path: `/api/download/{id}/${action}`,
        tag,
        summary: actions[action],
        answer: { status: 200, schema: idOnly },
        async handle({ id }) {
          await manager[action](id)
          return { id }
        },
      }),
    ),
    route({
      method: 'post',
      path: '/api/download/{id}/priority',
      tag,
      summary: 'Change the priority',
      body: { schema: z.strictObject({ priority: z.int().min(1).max(10) }) },
      answer: { status: 200, schema: idOnly },
      async handle({ id, body }) {
        await manager.setPriority(id, body.priority)
        return { id }
      },
    }),
    route({
      method: 'post',
      path: '/api/download/{id}/move',
      tag,
      summary: 'Move it among the downloads of its priority',
      body: { schema: z.strictObject({ to: z.union([z.enum(['top', 'bottom']), z.int().min(1).max(1e9)]) }) },
      answer: { status: 200, schema: idOnly },
      async handle({ id, body }) {
        await manager.move(id, body.to)
        return { id }
      },
    }),
    route({
      method: 'post',
      path: '/api/download/{id}/limit',
      tag,
      summary: 'Cap its speed; 0 lifts the cap',
      body: { schema: z.strictObject({ bytesPerSecond: z.int().min(0).max(1e12) }) },
      answer: { status: 200, schema: idOnly },
      async handle({ id, body }) {
        await manager.setLimit(id, body.bytesPerSecond)
        return { id }
      },
    }),
    route({
      method: 'post',
      path: '/api/download/{id}/open-folder',
      tag,
      summary: 'Show the folder of a finished file on the desktop',
      description:
        'Only where canOpenFolders of /api/health is true: the daemon runs on a desktop, none but this machine reaches it, and this machine asks. The folder is opened, never the file.',
      answer: { status: 200, schema: idOnly },
      async handle({ id, context }) {
        if (!isFromHere(context))
          throw new SluiceError('foreign-host', 'Only this machine itself may have a folder opened.', {
            hint: 'Use the address of the daemon on its own machine, such as http://127.0.0.1.',
          })
        await manager.openFolder(id)
        return { id }
      },
    }),
    route({
      method: 'post',
      path: '/api/preview',
      tag,
      summary: 'Ask the server about a file; nothing is written',
      body: { schema: addRequest, form: formToAdd },
      answer: { status: 200, schema: preview },
      handle: ({ body }) => manager.preview(body),
    }),
  ]
}
