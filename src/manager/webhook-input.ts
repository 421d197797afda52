import { z } from 'zod'
import { checkHeader, splitHeader } from '../config/header.ts'
import { checked } from '../config/schema-error.ts'
import { SluiceError, asSluiceError } from '../core/errors.ts'
import { parseHttpUrl } from '../core/url.ts'
import type { WebhookEvent, WebhookInput } from './types.ts'
import { present } from './request-schema.ts'

export const webhookEvents = [
  'download.started',
  'download.completed',
  'download.failed',
] as const satisfies readonly WebhookEvent[]

const schema = z.strictObject({
  url: z.string().min(1).max(8192).optional(),
  events: z.array(z.enum(webhookEvents)).min(1).max(10).optional(),
  enabled: z.boolean().optional(),
  headers: z.record(z.string().max(200), z.string().max(8192)).optional(),
  secret: z.string().max(1000).optional(),
})

/** Checks what a user gives for a webhook; a `usage` error names the field and repeats no secret. */
export function checkWebhookInput(input: unknown): WebhookInput {
  const given = present(checked(schema, input))
  if (given.url !== undefined) checkUrl(given.url)
  const headers = Object.entries(given.headers ?? {})
  if (headers.length > 50) throw new SluiceError('usage', 'headers: at most 50 are possible.')
  for (const [name, value] of headers) checkField(name, value)
  return { ...given, ...(given.events === undefined ? {} : { events: [...new Set(given.events)] }) }
}

function checkUrl(address: string): void {
  const { username, password } = named('url', () => parseHttpUrl(address))
  if (username === undefined && password === undefined) return
  throw new SluiceError('usage', 'url: user and password cannot stand in the address of a webhook.', {
    hint: 'Give them as a header: Authorization.',
  })
}

function checkField(name: string, value: string): void {
  const [known] = splitHeader(named('headers', () => checkHeader(`${name}: ${value}`)))
  if (known !== name) throw new SluiceError('usage', 'headers: one has a name that is no header name.')
  if (/^(?:content-|x-sluice-)/i.test(name))
    throw new SluiceError('usage', `headers: ${name} is set by Sluice itself.`, { hint: 'Leave it out.' })
}

function named<T>(field: string, check: () => T): T {
  try {
    return check()
  } catch (error) {
    const { message, hint } = asSluiceError(error)
    throw new SluiceError('usage', `${field}: ${message}`, { hint })
  }
}
