import { useState } from 'react'
import type { Webhook } from '../../src/server/api-types.ts'
import { dateTime } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Switch } from '../parts/checks.tsx'
import { Trash2 } from '../parts/icon.tsx'
import styles from './settings.module.css'
import { webhookEventNames } from './webhook-events.ts'

export interface WebhookItemProps {
  readonly webhook: Webhook
  readonly onSwitch: (enabled: boolean) => void
  readonly onTest: () => Promise<void>
  readonly onRemove: () => void
}

export function WebhookItem({ webhook, onSwitch, onTest, onRemove }: WebhookItemProps) {
  const { url, enabled, events, headerNames, hasSecret, lastDelivery } = webhook
  const [testing, setTesting] = useState(false)
  const facts = [
    events.map((event) => t(webhookEventNames[event])).join(', '),
    ...(hasSecret ? [t('settings.webhookHasSecret')] : []),
    ...(headerNames.length > 0 ? [t('settings.webhookHeaders', { names: headerNames.join(', ') })] : []),
  ]

  async function test(): Promise<void> {
    setTesting(true)
    await onTest()
    setTesting(false)
  }

  return (
    <li className={styles['item']}>
      <Switch label={t('settings.webhookEnabled', { address: url })} hideLabel checked={enabled} onChange={onSwitch} />
      <div className={styles['grow']}>
        <p className={styles['address']} dir="ltr">
          {url}
        </p>
        <p className={styles['hint']}>{facts.join(' · ')}</p>
        <p className={lastDelivery?.ok === false ? styles['error'] : styles['hint']}>{deliveryText(lastDelivery)}</p>
      </div>
      <Button size="small" disabled={testing} onClick={() => void test()}>
        {t(testing ? 'settings.webhookTesting' : 'settings.webhookTest')}
      </Button>
      <IconButton
        size="small"
        label={t('settings.removeWebhook', { address: url })}
        icon={<Trash2 />}
        onClick={onRemove}
      />
    </li>
  )
}

function deliveryText(delivery: Webhook['lastDelivery']): string {
  if (delivery === null) return t('settings.webhookNever')
  const time = dateTime(delivery.at)
  return delivery.ok
    ? t('settings.webhookOk', { time })
    : t('settings.webhookNotOk', { time, message: delivery.message })
}
