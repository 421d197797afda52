import { randomBytes } from 'node:crypto'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { redactUrl } from '../core/url.ts'
import type { Store, StoredRecord } from '../store/types.ts'
import { isoTime, systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { openRecords } from './records.ts'
import type { Secrets } from './secrets.ts'
import type { Download, ManagerLog, Webhook, WebhookEvent, WebhookInput } from './types.ts'
import { checkWebhookInput, webhookEvents } from './webhook-input.ts'
import { createWebhookQueue } from './webhook-queue.ts'
import { postWebhook, webhookMessage } from './webhook-request.ts'
import type { Sent, WebhookMessage, WebhookTarget } from './webhook-request.ts'

export interface WebhooksOptions {
  readonly store: Pick<Store, 'records' | 'putRecord' | 'removeRecord'>
  readonly secrets: Secrets
  readonly log: ManagerLog
  /** Tells addresses that are not on the public internet. */
  readonly isPrivate: (address: string) => boolean
  /** Asked at each delivery. */
  readonly allowPrivate: () => boolean
  readonly clock?: Clock
}

export interface Webhooks {
  list(): readonly Webhook[]
  add(input: WebhookInput): Promise<Webhook>
  /** What is absent stays; `headers` replaces all of them, an empty `secret` ends signing. */
  change(id: string, input: WebhookInput): Promise<Webhook>
  remove(id: string): Promise<void>
  /** Sends `download.test` once, also where the webhook is off. */
  test(id: string): Promise<{ readonly ok: boolean; readonly message: string }>
  /** Never blocks and never fails; what goes wrong is in the log and in `lastDelivery`. */
  notify(event: WebhookEvent, download: Download): void
  /** Ends what is under way; nothing is sent later. */
  close(): Promise<void>
}

interface Entry {
  readonly events: readonly WebhookEvent[]
  readonly enabled: boolean
  readonly target: WebhookTarget
  readonly lastDelivery: Webhook['lastDelivery']
}

const most = 100

/** Tells other programs what happens to downloads. Addresses, headers and secrets are kept sealed. */
export async function createWebhooks(options: WebhooksOptions): Promise<Webhooks> {
  const { store, secrets, log, clock = systemClock } = options
  const stop = new AbortController()
  const records = await openRecords<Entry>(store, 'webhook', {
    read: (record) => fromRecord(record, secrets, log),
    write: (id, entry) => toRecord(id, entry, secrets),
  })
  const save = async (id: string, entry: Entry): Promise<Webhook> => {
    await records.put(id, entry)
    return shown(id, entry)
  }
  const send = async (id: string, message: WebhookMessage): Promise<Sent> => {
    const refuses = (address: string): boolean => !options.allowPrivate() && options.isPrivate(address)
    return postWebhook(records.get(id).target, message, { now: clock.now(), signal: stop.signal, refuses })
  }
  const remember = async (id: string, { ok, message }: Sent): Promise<void> => {
    if (stop.signal.aborted || !records.has(id)) return
    if (!ok) log.warn({ webhook: id }, `A webhook was not delivered: ${message}`)
    try {
      await records.put(id, { ...records.get(id), lastDelivery: { at: isoTime(clock.now()), ok, message } })
    } catch (error) {
      log.error({ webhook: id }, `The result of a webhook could not be kept: ${asSluiceError(error).message}`)
    }
  }
  const queue = createWebhookQueue({
    send: async (id, message) => (records.has(id) && records.get(id).enabled ? send(id, message) : undefined),
    finished: remember,
    dropped: (id) => log.warn({ webhook: id }, 'Too many deliveries wait for webhooks; the oldest was dropped.'),
    clock,
    signal: stop.signal,
  })

  return {
    list: () => records.all().map(([id, entry]) => shown(id, entry)),
    add: async (input) => {
      const { url, events = webhookEvents, enabled = true, headers = {}, secret = '' } = checkWebhookInput(input)
      if (url === undefined) throw new SluiceError('usage', 'url: a webhook needs an address.')
      if (records.all().length >= most) throw new SluiceError('usage', `There are ${most} webhooks, which is the most.`)
      const id = `wh-${randomBytes(8).toString('hex')}`
      return save(id, { events, enabled, target: { url, headers, secret }, lastDelivery: null })
    },
    change: async (id, input) => {
      const before = records.get(id)
      const { url, headers, secret, events, enabled } = checkWebhookInput(input)
      // The address as it was shown means the one that is kept.
      const isShown = url === undefined || url === redactUrl(before.target.url)
      return save(id, {
        ...before,
        events: events ?? before.events,
        enabled: enabled ?? before.enabled,
        target: {
          url: isShown ? before.target.url : url,
          headers: headers ?? before.target.headers,
          secret: secret ?? before.target.secret,
        },
      })
    },
    remove: (id) => records.remove(id),
    test: async (id) => {
      const sent = await send(id, webhookMessage('download.test', isoTime(clock.now()), null))
      await remember(id, sent)
      return { ok: sent.ok, message: sent.message }
    },
    notify: (event, download) => {
      const at = isoTime(clock.now())
      for (const [id, { events }] of records.all())
        if (events.includes(event)) queue.push(id, webhookMessage(event, at, download))
    },
    close: async () => {
      stop.abort()
      await queue.idle()
    },
  }
}

function shown(id: string, { target, events, enabled, lastDelivery }: Entry): Webhook {
  const { url, headers, secret } = target
  const headerNames = Object.keys(headers)
  return { id, url: redactUrl(url), events, enabled, headerNames, hasSecret: secret !== '', lastDelivery }
}

function toRecord(id: string, { target, ...data }: Entry, secrets: Secrets): StoredRecord {
  return { id, data: { ...data, url: redactUrl(target.url) }, secret: secrets.seal(`webhook:${id}`, target) }
}

/** What cannot be read, because the key is another one, comes back switched off and without its secrets. */
function fromRecord({ id, data, secret }: StoredRecord, secrets: Secrets, log: ManagerLog): Entry {
  const { url, ...rest } = data as Omit<Entry, 'target'> & { readonly url: string }
  try {
    if (secret === null) throw new SluiceError('usage', 'Its secrets are missing.')
    return { ...rest, target: secrets.open(`webhook:${id}`, secret) as WebhookTarget }
  } catch (error) {
    log.warn({ webhook: id }, `A webhook was switched off: ${asSluiceError(error).message}`)
    return { ...rest, enabled: false, target: { url, headers: {}, secret: '' } }
  }
}
