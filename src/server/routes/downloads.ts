import { z } from 'zod'
import type { Manager } from '../../manager/types.ts'
import { SluiceError } from '../../core/errors.ts'
import { isFromHere } from '../http/hosts.ts'
import { idRoute } from '../id-route.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { addRequest, formToAdd, moveFile } from '../schemas/add.ts'
import { added, downloadDetail, downloadList, movedFile, preview } from '../schemas/download.ts'
import { formFields } from '../schemas/form.ts'
import type { Form } from '../schemas/form.ts'
import { listQuery, removal } from '../schemas/queries.ts'

const tag = 'Downloads'

const actions = {
  pause: 'Stop it, its part is kept; a free place goes to the next in the queue',
  resume: 'Back into the queue, to go on from where it was',
  cancel: 'Give it up',
  retry: 'Try again after an error, or after it was cancelled',
} as const

const place = z.union([z.enum(['top', 'bottom']), z.int().min(1).max(1e9)], 'Say top, bottom or a place from 1')

/** A form of one number, or of a word in its place. */
const oneNumber =
  (name: string) =>
  (form: Form): Record<string, unknown> =>
    formFields(form, { numbers: [name] })

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
    idRoute({
      method: 'delete',
      path: '/api/download/{id}',
      tag,
      summary: 'Remove a download from the list',
      description: 'It stays in history. The file stays, unless deleteFile is true.',
      query: removal,
      act: ({ id, query }) => manager.remove(id, query),
    }),
    ...(Object.keys(actions) as Array<keyof typeof actions>).map((action) =>
      idRoute({
        method: 'post',
        path: `/api/download/{id}/${action}`,
        tag,
        summary: actions[action],
        act: ({ id }) => manager[action](id),
      }),
    ),
    idRoute({
      method: 'post',
      path: '/api/download/{id}/priority',
      tag,
      summary: 'Change the priority',
      body: { schema: z.strictObject({ priority: z.int().min(1).max(10) }), form: oneNumber('priority') },
      act: ({ id, body }) => manager.setPriority(id, body.priority),
    }),
    idRoute({
      method: 'post',
      path: '/api/download/{id}/move',
      tag,
      summary: 'Move it among the downloads of its priority',
      body: { schema: z.strictObject({ to: place }), form: oneNumber('to') },
      act: ({ id, body }) => manager.move(id, body.to),
    }),
    route({
      method: 'post',
      path: '/api/download/{id}/move-file',
      tag,
      summary: 'Move the file of a completed download',
      description:
        'To another folder below that of the daemon, or to another name; on another disk it is copied, compared and then removed. What is no longer the downloaded file stays where it is.',
      body: { schema: moveFile, form: (form) => formFields(form, {}) },
      answer: { status: 200, schema: movedFile },
      handle: ({ id, body }) => manager.moveFile(id, body),
    }),
    idRoute({
      method: 'post',
      path: '/api/download/{id}/limit',
      tag,
      summary: 'Cap its speed; 0 lifts the cap',
      body: { schema: z.strictObject({ bytesPerSecond: z.int().min(0).max(1e12) }), form: oneNumber('bytesPerSecond') },
      act: ({ id, body }) => manager.setLimit(id, body.bytesPerSecond),
    }),
    idRoute({
      method: 'post',
      path: '/api/download/{id}/open-folder',
      tag,
      summary: 'Show the folder of a finished file on the desktop',
      description:
        'Only where canOpenFolders of /api/health is true: the daemon runs on a desktop, none but this machine reaches it, and this machine asks. The folder is opened, never the file.',
      async act({ id, context }) {
        if (!isFromHere(context))
          throw new SluiceError('foreign-host', 'Only this machine itself may have a folder opened.', {
            hint: 'Use the address of the daemon on its own machine, such as http://127.0.0.1.',
          })
        await manager.openFolder(id)
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
