import { createHmac, randomUUID } from 'node:crypto'
import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import type { LookupFunction } from 'node:net'

/** Where to send to, with what is never shown. */
export interface WebhookTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Key of the signature, '' for none. */
  readonly secret: string
}

export interface WebhookMessage {
  readonly event: string
  /** The same in all attempts, so that a receiver can tell a repetition. */
  readonly delivery: string
  readonly body: string
}

export interface Sent {
  readonly ok: boolean
  /** A sentence without secrets. */
  readonly message: string
  /** It may go better later: the network failed, 429 or 5xx. */
  readonly again: boolean
}

const timeout = 10_000

export function webhookMessage(event: string, at: string, download: unknown): WebhookMessage {
  return { event, delivery: randomUUID(), body: JSON.stringify({ event, at, download }) }
}

/**
 * Posts a message once, within 10 s, without following redirects and without a proxy. `refuses` judges every address
 * before a connection to it is made. With a secret, `X-Sluice-Signature` is `sha256=` and the hex HMAC-SHA-256 of the
 * timestamp (epoch seconds, `X-Sluice-Timestamp`), a dot and the body. Never rejects.
 */
export async function postWebhook(
  target: WebhookTarget,
  message: WebhookMessage,
  options: { readonly now: number; readonly signal: AbortSignal; readonly refuses: (address: string) => boolean },
): Promise<Sent> {
  const { now, refuses } = options
  const patience = AbortSignal.timeout(timeout)
  const signal = AbortSignal.any([options.signal, patience])
  try {
    const status = await post(new URL(target.url), headersOf(target, message, now), message.body, signal, refuses)
    if (status >= 200 && status < 300) return { ok: true, message: `Delivered, HTTP ${status}.`, again: false }
    const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : ''
    return {
      ok: false,
      message: `The server answered HTTP ${status}${redirect}.`,
      again: status === 429 || status >= 500,
    }
  } catch (error) {
    if (error instanceof RefusedAddress) return { ok: false, message: error.message, again: false }
    if (patience.aborted) return { ok: false, message: `No answer within ${timeout / 1000} s.`, again: true }
    return { ok: false, message: networkSentence(error), again: true }
  }
}

function headersOf({ headers, secret }: WebhookTarget, { event, delivery, body }: WebhookMessage, now: number) {
  const timestamp = String(Math.floor(now / 1000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return {
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-sluice-event': event,
    'x-sluice-delivery': delivery,
    'x-sluice-timestamp': timestamp,
    ...(secret === '' ? {} : { 'x-sluice-signature': `sha256=${signature}` }),
  }
}

async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
  refuses: (address: string) => boolean,
): Promise<number> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A literal address is connected to without a look-up.
  if (isIP(host) !== 0 && refuses(host)) throw new RefusedAddress()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const request = send(url, { method: 'POST', headers, signal, agent: false, lookup: checkedLookup(refuses) })
  request.on('error', reject)
  request.on('response', (response) => {
    resolve(response.statusCode ?? 0)
    response.destroy()
  })
  request.end(body)
  return promise
}

function checkedLookup(refuses: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null || first === undefined) done(error ?? new Error('no address'), [])
      else if (addresses.some(({ address }) => refuses(address))) done(new RefusedAddress(), [])
      else if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

class RefusedAddress extends Error {
  constructor() {
    super('Its address is not on the public internet, which the settings do not allow.')
  }
}

function networkSentence(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Its host was not found.'
  if (code === 'ECONNREFUSED') return 'Nothing listens at its address.'
  return `The connection failed (${code}).`
}
