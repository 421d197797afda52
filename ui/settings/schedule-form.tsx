import { useState } from 'react'
import type { Schedule } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Field } from '../parts/field.tsx'
import { Select, TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { cronChoices, cronName } from './cron-choices.ts'
import { ItemForm } from './item-form.tsx'
import type { ItemFormOf } from './items-section.tsx'

const own = 'own'
const fields = ['cron', 'reference', 'dir', 'name'] as const

export function ScheduleForm({ item: schedule, onDone }: ItemFormOf<Schedule>) {
  const [reference, setReference] = useState(schedule?.request.reference ?? '')
  const [name, setName] = useState(schedule?.name ?? '')
  const [cron, setCron] = useState(schedule?.cron ?? '0 3 * * *')
  const [isOwn, setOwn] = useState(cronName(cron) === undefined)
  const [dir, setDir] = useState(schedule?.request.dir ?? '')

  function send(): Promise<unknown> {
    const { dir: _, ...kept } = schedule?.request ?? {}
    const request = { ...kept, reference: reference.trim(), ...(dir.trim() === '' ? {} : { dir: dir.trim() }) }
    const input = { name: name.trim(), cron, request }
    return schedule === null ? client.addSchedule(input) : client.changeSchedule(schedule.id, input)
  }

  return (
    <ItemForm
      fields={fields}
      otherwise="reference"
      check={() => (reference.trim() === '' ? { reference: t('settings.addressMissing') } : {})}
      send={send}
      onDone={onDone}
    >
      {(problem) => (
        <>
          <Field label={t('settings.scheduleAddress')} error={problem.reference}>
            <TextInput dir="ltr" type="url" value={reference} onChange={({ target }) => setReference(target.value)} />
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
        </>
      )}
    </ItemForm>
  )
}
