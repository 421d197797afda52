import { useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/checks.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { problemAt } from './problem-at.ts'
import type { ProblemAt } from './problem-at.ts'
import styles from './settings.module.css'
import { webhookEventNames, webhookEvents } from './webhook-events.ts'
import type { WebhookEvent } from './webhook-events.ts'

export interface WebhookDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}

export function WebhookDialog({ open, onClose, onDone }: WebhookDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose()
      }}
      title={t('settings.addWebhook')}
    >
      {open && (
        <WebhookForm
          onDone={() => {
            onClose()
            onDone()
          }}
        />
      )}
    </Dialog>
  )
}

const fields = ['url', 'events', 'secret'] as const

function WebhookForm({ onDone }: { readonly onDone: () => void }) {
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<readonly WebhookEvent[]>(['download.completed', 'download.failed'])
  const [secret, setSecret] = useState('')
  const [problem, setProblem] = useState<ProblemAt<(typeof fields)[number]>>({})

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (events.length === 0) return setProblem({ events: t('settings.webhookNoEvents') })
    try {
      await client.addWebhook({ url: url.trim(), events, ...(secret === '' ? {} : { secret }) })
      onDone()
    } catch (thrown) {
      setProblem(problemAt(asSluiceError(thrown), fields, 'url'))
    }
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Field label={t('settings.webhookAddress')} error={problem.url}>
        <TextInput
          dir="ltr"
          type="url"
          value={url}
          required
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
      <Field label={t('settings.webhookSecret')} hint={t('settings.webhookSecretHint')} error={problem.secret}>
        <TextInput dir="ltr" type="password" value={secret} onChange={({ target }) => setSecret(target.value)} />
      </Field>
      <Button variant="primary" type="submit" className={styles['submit']}>
        {t('common.save')}
      </Button>
    </form>
  )
}
