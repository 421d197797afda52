import { useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { Webhook } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { Button } from '../parts/button.tsx'
import { Plus } from '../parts/icon.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import { Section } from './section.tsx'
import styles from './settings.module.css'
import { useLoaded } from './use-loaded.ts'
import { WebhookDialog } from './webhook-dialog.tsx'
import { WebhookItem } from './webhook-item.tsx'

/** Deliveries come in by themselves. */
const every = 30_000

export function WebhooksSection() {
  const { value: webhooks, error, reload } = useLoaded('webhooks', client.webhooks, every)
  const [adding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Webhook | null>(null)

  async function change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      const { text, hint } = errorText(asSluiceError(thrown))
      toast({ kind: 'error', text: `${text} ${hint}` })
    }
    await reload()
  }

  return (
    <Section id="webhooks" note={t('settings.webhooksText')}>
      {webhooks === undefined && error !== undefined && (
        <p role="alert" className={styles['error']}>
          {errorText(error).text}
        </p>
      )}
      {webhooks?.length === 0 && <p className={styles['none']}>{t('settings.noWebhooks')}</p>}
      {webhooks !== undefined && webhooks.length > 0 && (
        <ul className={styles['list']}>
          {webhooks.map((webhook) => (
            <WebhookItem
              key={webhook.id}
              webhook={webhook}
              onSwitch={(enabled) => void change(() => client.changeWebhook(webhook.id, { enabled }))}
              onTest={() => change(() => test(webhook.id))}
              onRemove={() => setLeaving(webhook)}
            />
          ))}
        </ul>
      )}
      <Button className={styles['add']} icon={<Plus aria-hidden="true" />} onClick={() => setAdding(true)}>
        {t('settings.addWebhook')}
      </Button>
      <WebhookDialog open={adding} onClose={() => setAdding(false)} onDone={() => void reload()} />
      <AlertDialog
        open={leaving !== null}
        onOpenChange={(open) => {
          if (!open) setLeaving(null)
        }}
        title={t('settings.removeWebhookTitle')}
        description={t('settings.removeWebhookText', { address: leaving?.url ?? '' })}
        confirm={t('common.remove')}
        onConfirm={() => {
          if (leaving !== null) void change(() => client.removeWebhook(leaving.id))
        }}
      />
    </Section>
  )
}

async function test(id: string): Promise<void> {
  const { ok, message } = await client.testWebhook(id)
  if (ok) toast({ kind: 'good', text: t('settings.webhookTested', { message }) })
  else toast({ kind: 'warning', text: t('settings.webhookTestFailed', { message }) })
}
