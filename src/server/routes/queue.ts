import { z } from 'zod'
import { checked } from '../../config/schema-error.ts'
import { asSluiceError } from '../../core/errors.ts'
import type { AddRequest, BatchResult, Manager } from '../../manager/types.ts'
import { mediaType } from '../http/body.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { addRequest } from '../schemas/add.ts'
import { batchResult, bulkResult } from '../schemas/download.ts'
import { formFields } from '../schemas/form.ts'
import { queueFormat } from '../schemas/queries.ts'

const tag = 'Queue'
const mostItems = 100_000

const items = z.array(z.unknown()).max(mostItems)
/** A list alone is taken for the items. */
const batchBody = z.preprocess(
  (body) => (Array.isArray(body) ? { items: body } : body),
  z
    .strictObject({ items: items.exactOptional(), text: z.string().exactOptional() })
    .refine((body) => (body.items === undefined) !== (body.text === undefined), 'Give items, or lines of text'),
)

const bulkBody = z.strictObject({
  action: z
    .enum(['pause', 'resume', 'cancel', 'retry', 'remove', 'delete', 'top', 'bottom'])
    .transform((action) => (action === 'delete' ? 'remove' : action))
    .meta({ description: 'delete is another word for remove' }),
  ids: z.array(z.string().max(100)).min(1).max(mostItems),
  deleteFile: z.boolean().default(false).meta({ description: 'With remove: also delete the files' }),
})

/** Many downloads at once. */
export function queueRoutes(manager: Manager): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/downloads/batch',
      tag,
      summary: 'Add many downloads',
      description:
        'Lines of text (blank ones and # are skipped, file[001-100].zip stands for a hundred; in a form the field text), or items as for add. What is wrong with one line stops no other.',
      body: {
        schema: batchBody,
        shown: z.strictObject({ items: z.array(z.union([addRequest, z.string()])).max(mostItems) }),
        form: (fields) => Object.fromEntries(fields),
        text: (text) => ({ text }),
        large: true,
      },
      answer: { status: 200, schema: batchResult },
      handle: ({ body }) =>
        body.text === undefined ? addItems(manager, body.items ?? []) : manager.addText(body.text),
    }),
    route({
      method: 'post',
      path: '/api/downloads/pause-all',
      tag,
      summary: 'Pause all that are queued or active',
      answer: { status: 200, schema: bulkResult },
      handle: () => manager.pauseAll(),
    }),
    route({
      method: 'post',
      path: '/api/downloads/resume-all',
      tag,
      summary: 'Resume all that are paused',
      answer: { status: 200, schema: bulkResult },
      handle: () => manager.resumeAll(),
    }),
    route({
      method: 'post',
      path: '/api/downloads/bulk',
      tag,
      summary: 'Do one thing to several downloads',
      body: { schema: bulkBody, form: (form) => formFields(form, { lists: ['ids'], booleans: ['deleteFile'] }) },
      answer: { status: 200, schema: bulkResult },
      handle: ({ body: { action, ids, deleteFile } }) => manager.bulk(action, ids, { deleteFile }),
    }),
    route({
      method: 'get',
      path: '/api/queue/export',
      tag,
      summary: 'The queue for another daemon; no secrets are in it',
      query: queueFormat,
      answer: { status: 200, type: 'application/json' },
      handle({ query: { format = 'json' } }) {
        const [type, name] = format === 'json' ? ['application/json', 'json'] : ['text/plain; charset=utf-8', 'txt']
        return new Response(manager.exportQueue(format), {
          headers: { 'Content-Type': type, 'Content-Disposition': `attachment; filename="sluice-queue.${name}"` },
        })
      },
    }),
    route({
      method: 'post',
      path: '/api/queue/import',
      tag,
      summary: 'Add what an export holds',
      description: 'Without a format in the query, the Content-Type decides.',
      query: queueFormat,
      body: { schema: z.string(), shown: z.unknown(), text: (text) => text, raw: true, large: true },
      answer: { status: 200, schema: batchResult },
      handle: ({ body, query, context }) =>
        manager.importQueue(body, query.format ?? (mediaType(context) === 'text/plain' ? 'text' : 'json')),
    }),
  ]
}

/** Wrong items become errors with their place, like wrong lines; a text is an address. */
async function addItems(manager: Manager, given: readonly unknown[]): Promise<BatchResult> {
  const good: AddRequest[] = []
  const places: number[] = []
  const wrong: Array<BatchResult['errors'][number]> = []
  for (const [index, item] of given.entries()) {
    try {
      good.push(checked(addRequest, typeof item === 'string' ? { url: item } : item))
      places.push(index + 1)
    } catch (error) {
      const { code, message } = asSluiceError(error)
      wrong.push({ line: index + 1, code, message })
    }
  }
  const { added, errors, skipped } = await manager.addMany(good)
  const placed = <T extends { readonly line: number }>(one: T): T => ({
    ...one,
    line: places[one.line - 1] ?? one.line,
  })
  return {
    added,
    errors: [...wrong, ...errors.map(placed)].toSorted((a, b) => a.line - b.line),
    skipped: skipped.map(placed),
  }
}
