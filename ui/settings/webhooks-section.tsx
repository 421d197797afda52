import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { ItemsSection } from './items-section.tsx'
import { WebhookForm } from './webhook-form.tsx'
import { WebhookItem } from './webhook-item.tsx'

export function WebhooksSection() {
  return (
    <ItemsSection
      id="webhooks"
      note={t('settings.webhooksText')}
      none={t('settings.noWebhooks')}
      add={t('settings.addWebhook')}
      editTitle={() => t('settings.editWebhookTitle')}
      removeTitle={() => t('settings.removeWebhookTitle')}
      removeText={({ url }) => t('settings.removeWebhookText', { address: url })}
      load={client.webhooks}
      remove={client.removeWebhook}
      Row={WebhookItem}
      Form={WebhookForm}
    />
  )
}
