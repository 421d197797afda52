import { useState } from 'react'
import type { FormEvent } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { Schedule } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Field } from '../parts/field.tsx'
import { Select, TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { cronChoices, cronName } from './cron-choices.ts'
import { problemAt } from './problem-at.ts'
import type { ProblemAt } from './problem-at.ts'
import styles from './settings.module.css'

export interface ScheduleDialogProps {
  readonly edited: Schedule | 'new' | null
  readonly onClose: () => void
  readonly onDone: () => void
}

export function ScheduleDialog({ edited, onClose, onDone }: ScheduleDialogProps) {
  const name = edited === 'new' || edited === null ? '' : edited.name
  return (
    <Dialog
      open={edited !== null}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={edited === 'new' ? t('settings.addSchedule') : t('settings.editSchedule', { name })}
    >
      {edited !== null && (
        <ScheduleForm
          schedule={edited === 'new' ? null : edited}
          onDone={() => {
            onClose()
            onDone()
          }}
        />
      )}
    </Dialog>
  )
}

const own = 'own'
const fields = ['cron', 'reference', 'dir', 'name'] as const

function ScheduleForm({ schedule, onDone }: { readonly schedule: Schedule | null; readonly onDone: () => void }) {
  const [reference, setReference] = useState(schedule?.request.reference ?? '')
  const [name, setName] = useState(schedule?.name ?? '')
  const [cron, setCron] = useState(schedule?.cron ?? '0 3 * * *')
  const [isOwn, setOwn] = useState(cronName(cron) === undefined)
  const [dir, setDir] = useState(schedule?.request.dir ?? '')
  const [problem, setProblem] = useState<ProblemAt<(typeof fields)[number]>>({})

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    const { dir: _, ...kept } = schedule?.request ?? {}
    const request = { ...kept, reference: reference.trim(), ...(dir.trim() === '' ? {} : { dir: dir.trim() }) }
    const input = { name: name.trim(), cron, request }
    try {
      await (schedule === null ? client.addSchedule(input) : client.changeSchedule(schedule.id, input))
      onDone()
    } catch (thrown) {
      setProblem(problemAt(asSluiceError(thrown), fields, 'reference'))
    }
  }

  return (
    <form className={styles['form']} onSubmit={(event) => void submit(event)}>
      <Field label={t('settings.scheduleAddress')} error={problem.reference}>
        <TextInput
          dir="ltr"
          type="url"
          value={reference}
          required
          onChange={({ target }) => setReference(target.value)}
        />
      </Field>
      <Field label={t('settings.scheduleName')} error={problem.name}>
        <TextInput dir="auto" value={name} maxLength={100} onChange={({ target }) => setName(target.value)} />
      </Field>
      <Field label={t('settings.scheduleCron')} error={isOwn ? undefined : problem.cron}>
        <Select
          label={t('settings.scheduleCron')}
          value={isOwn ? own : cron}
          onChange={(chosen) => {
            setOwn(chosen === own)
            if (chosen !== own) setCron(chosen)
          }}
          options={[
            ...cronChoices.map((choice) => ({ value: choice.cron, label: t(choice.name) })),
            { value: own, label: t('settings.scheduleCronOwn') },
          ]}
        />
      </Field>
      {isOwn && (
        <Field label={t('settings.scheduleCronOwn')} hint={t('settings.scheduleCronHint')} error={problem.cron}>
          <TextInput dir="ltr" value={cron} onChange={({ target }) => setCron(target.value)} />
        </Field>
      )}
      <Field label={t('settings.scheduleDir')} hint={t('settings.scheduleDirHint')} error={problem.dir}>
        <TextInput dir="auto" value={dir} onChange={({ target }) => setDir(target.value)} />
      </Field>
      <Button variant="primary" type="submit" className={styles['submit']}>
        {t('common.save')}
      </Button>
    </form>
  )
}
