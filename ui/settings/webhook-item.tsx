import { useState } from 'react'
import type { Webhook } from '../../src/server/api-types.ts'
import { dateTime } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { client } from '../state/client.ts'
import { toast } from '../state/toasts.ts'
import { ItemRow } from './item-row.tsx'
import type { ItemProps } from './items-section.tsx'
import styles from './settings.module.css'
import { webhookEventNames } from './webhook-events.ts'

export function WebhookItem({ item: webhook, ways }: ItemProps<Webhook>) {
  const { id, url, enabled, events, headerNames, hasSecret, lastDelivery } = webhook
  const [testing, setTesting] = useState(false)
  const facts = [
    events.map((event) => t(webhookEventNames[event])).join(', '),
    ...(hasSecret ? [t('settings.webhookHasSecret')] : []),
    ...(headerNames.length > 0 ? [t('settings.webhookHeaders', { names: headerNames.join(', ') })] : []),
  ]

  async function test(): Promise<void> {
    setTesting(true)
    await ways.change(async () => {
      const { ok, message } = await client.testWebhook(id)
      if (ok) toast({ kind: 'good', text: t('settings.webhookTested', { message }) })
      else toast({ kind: 'warning', text: t('settings.webhookTestFailed', { message }) })
    })
    setTesting(false)
  }

  return (
    <ItemRow
      enabled={enabled}
      enabledLabel={t('settings.webhookEnabled', { address: url })}
      editLabel={t('settings.editWebhook', { address: url })}
      removeLabel={t('settings.removeWebhook', { address: url })}
      onSwitch={(on) => void ways.change(() => client.changeWebhook(id, { enabled: on }))}
      ways={ways}
      more={
        <Button size="small" disabled={testing} onClick={() => void test()}>
          {t(testing ? 'settings.webhookTesting' : 'settings.webhookTest')}
        </Button>
      }
    >
      <p className={styles['address']} dir="ltr">
        {url}
      </p>
      <p className={styles['hint']}>{facts.join(' · ')}</p>
      <p className={lastDelivery?.ok === false ? styles['error'] : styles['hint']}>{deliveryText(lastDelivery)}</p>
    </ItemRow>
  )
}

function deliveryText(delivery: Webhook['lastDelivery']): string {
  if (delivery === null) return t('settings.webhookNever')
  const time = dateTime(delivery.at)
  return delivery.ok
    ? t('settings.webhookOk', { time })
    : t('settings.webhookNotOk', { time, message: delivery.message })
}
