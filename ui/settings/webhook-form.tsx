import { useState } from 'react'
import type { Webhook } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Checkbox } from '../parts/checks.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { ItemForm } from './item-form.tsx'
import type { ItemFormOf } from './items-section.tsx'
import styles from './settings.module.css'
import { webhookEventNames, webhookEvents } from './webhook-events.ts'
import type { WebhookEvent } from './webhook-events.ts'

const fields = ['url', 'events', 'secret'] as const
const usual: readonly WebhookEvent[] = ['download.completed', 'download.failed']

export function WebhookForm({ item: webhook, onDone }: ItemFormOf<Webhook>) {
  const [url, setUrl] = useState(webhook?.url ?? '')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(webhook?.events ?? usual)
  const [secret, setSecret] = useState('')
  const secretHint = webhook?.hasSecret === true ? 'settings.webhookSecretKept' : 'settings.webhookSecretHint'

  function send(): Promise<unknown> {
    const input = { url: url.trim(), events, ...(secret === '' ? {} : { secret }) }
    return webhook === null ? client.addWebhook(input) : client.changeWebhook(webhook.id, input)
  }

  return (
    <ItemForm
      fields={fields}
      otherwise="url"
      check={() => ({
        ...(url.trim() === '' ? { url: t('settings.addressMissing') } : {}),
        ...(events.length === 0 ? { events: t('settings.webhookNoEvents') } : {}),
      })}
      send={send}
      onDone={onDone}
    >
      {(problem) => (
        <>
          <Field label={t('settings.webhookAddress')} error={problem.url}>
            <TextInput
              dir="ltr"
              type="url"
              value={url}
              placeholder="https://"
              onChange={({ target }) => setUrl(target.value)}
            />
          </Field>
          <fieldset className={styles['choices']}>
            <legend>{t('settings.webhookEvents')}</legend>
            {webhookEvents.map((one) => (
              <Checkbox
                key={one}
                label={t(webhookEventNames[one])}
                checked={events.includes(one)}
                onChange={(checked) =>
                  setEvents(webhookEvents.filter((event) => (event === one ? checked : events.includes(event))))
                }
              />
            ))}
            {problem.events !== undefined && (
              <p role="alert" className={styles['error']}>
                {problem.events}
              </p>
            )}
          </fieldset>
          <Field label={t('settings.webhookSecret')} hint={t(secretHint)} error={problem.secret}>
            <TextInput dir="ltr" type="password" value={secret} onChange={({ target }) => setSecret(target.value)} />
          </Field>
        </>
      )}
    </ItemForm>
  )
}
