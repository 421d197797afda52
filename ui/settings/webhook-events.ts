import type { Webhook } from '../../src/server/api-types.ts'
import type { Key } from '../i18n/index.ts'

export type WebhookEvent = Webhook['events'][number]

export const webhookEventNames: Readonly<Record<WebhookEvent, Key>> = {
  'download.started': 'settings.webhookStarted',
  'download.completed': 'settings.webhookCompleted',
  'download.failed': 'settings.webhookFailed',
}

export const webhookEvents = Object.keys(webhookEventNames) as readonly WebhookEvent[]
