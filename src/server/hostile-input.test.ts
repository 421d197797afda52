import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { askedApp } from '../../test/support/ask-app.ts'
import type { AskedApp } from '../../test/support/ask-app.ts'
import { knownId } from '../../test/support/fake-manager.ts'

/** No flood is counted: the clock runs an hour for each request. */
function patientApp(): AskedApp {
  let now = 0
  return askedApp(undefined, { now: () => (now += 3_600_000) })
}

const sampled = patientApp()
const routesWith = (input: 'body' | 'query') =>
  fc.constantFrom(
    ...sampled.app.routes
      .filter((route) => route[input] !== undefined)
      .map(({ method, path }) => ({ method: method.toUpperCase(), path })),
  )
const knownFields = [
  'url',
  'reference',
  'headers',
  'checksum',
  'items',
  'text',
  'ids',
  'action',
  'to',
  'priority',
  'request',
  '__proto__',
  'constructor',
  'toString',
]

/** Fine, or the fault of the client: never ours. */
async function isAnswered(response: Response): Promise<void> {
  assert.ok(response.status < 500, String(response.status))
  await response.body?.cancel()
}

describe('hostile input', () => {
  it('of any JSON gets an answer that is no 5xx', async () => {
    const value = fc.jsonValue({ noUnicodeString: false })
    const body = fc.oneof(value, fc.dictionary(fc.constantFrom(...knownFields), value))
    await fc.assert(
      fc.asyncProperty(routesWith('body'), body, async ({ method, path }, given) => {
        const headers = { 'Content-Type': 'application/json' }
        await isAnswered(
          await sampled.ask(method, path.replace('{id}', knownId), { headers, body: JSON.stringify(given) }),
        )
      }),
      { numRuns: 600 },
    )
  })

  it('of any bytes under any type gets an answer that is no 5xx', async () => {
    const type = fc.constantFrom(
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      'multipart/form-data',
      'x',
      '',
    )
    const prefix = fc.constantFrom(
      '',
      '{',
      'url=http://a/&',
      '--b\r\nContent-Disposition: form-data; name="url"\r\n\r\n',
    )
    await fc.assert(
      fc.asyncProperty(
        routesWith('body'),
        type,
        prefix,
        fc.uint8Array({ maxLength: 300 }),
        async ({ method, path }, given, start, bytes) => {
          const body = new Uint8Array(Buffer.concat([Buffer.from(start), bytes]))
          await isAnswered(
            await sampled.ask(method, path.replace('{id}', knownId), { headers: { 'Content-Type': given }, body }),
          )
        },
      ),
      { numRuns: 600 },
    )
  })

  it('in query, path, and fields of the head gets an answer that is no 5xx', async () => {
    const name = fc.oneof(
      fc.constantFrom(
        'status',
        'sort',
        'limit',
        'offset',
        'since',
        'minSize',
        'format',
        'order',
        'lastEventId',
        'deleteFile',
      ),
      fc.string(),
    )
    const query = fc.array(fc.tuple(name, fc.string({ unit: 'binary' })), { maxLength: 4 })
    const visible = fc.string({ unit: fc.constantFrom(...'abc/.%:;,=\\"\'@[]{}0123456789-') })
    await fc.assert(
      fc.asyncProperty(routesWith('query'), query, visible, visible, async ({ method, path }, pairs, id, field) => {
        const search = new URLSearchParams(pairs.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]))
        const place = path.replace('{id}', encodeURIComponent(id) || 'x')
        for (const where of [`${place}?${search.toString()}`, `${place}?${id}`, `/${id}`]) {
          const headers = { 'Last-Event-ID': field, Accept: field, 'Sec-Fetch-Site': field }
          await isAnswered(await sampled.ask(method, where, { headers }))
        }
        await isAnswered(
          await sampled.ask('GET', '/', { headers: { Host: field, Origin: field, Authorization: field } }),
        )
      }),
      { numRuns: 400 },
    )
  })
})
