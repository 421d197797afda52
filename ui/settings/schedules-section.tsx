import { useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { Schedule } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { AlertDialog } from '../parts/alert-dialog.tsx'
import { Button } from '../parts/button.tsx'
import { Plus } from '../parts/icon.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { toast } from '../state/toasts.ts'
import { ScheduleDialog } from './schedule-dialog.tsx'
import { ScheduleItem } from './schedule-item.tsx'
import { Section } from './section.tsx'
import styles from './settings.module.css'
import { useLoaded } from './use-loaded.ts'

/** Next runs move on by themselves. */
const every = 30_000

export function SchedulesSection() {
  const { value: schedules, error, reload } = useLoaded('schedules', client.schedules, every)
  const [edited, setEdited] = useState<Schedule | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Schedule | null>(null)

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
    <Section id="schedules" note={t('settings.schedulesText')}>
      {schedules === undefined && error !== undefined && (
        <p role="alert" className={styles['error']}>
          {errorText(error).text}
        </p>
      )}
      {schedules?.length === 0 && <p className={styles['none']}>{t('settings.noSchedules')}</p>}
      {schedules !== undefined && schedules.length > 0 && (
        <ul className={styles['list']}>
          {schedules.map((schedule) => (
            <ScheduleItem
              key={schedule.id}
              schedule={schedule}
              onSwitch={(enabled) => void change(() => client.changeSchedule(schedule.id, { enabled }))}
              onEdit={() => setEdited(schedule)}
              onRemove={() => setLeaving(schedule)}
            />
          ))}
        </ul>
      )}
      <Button className={styles['add']} icon={<Plus aria-hidden="true" />} onClick={() => setEdited('new')}>
        {t('settings.addSchedule')}
      </Button>
      <ScheduleDialog edited={edited} onClose={() => setEdited(null)} onDone={() => void reload()} />
      <AlertDialog
        open={leaving !== null}
        onOpenChange={(open) => {
          if (!open) setLeaving(null)
        }}
        title={t('settings.removeScheduleTitle', { name: leaving?.name ?? '' })}
        description={t('settings.removeScheduleText')}
        confirm={t('common.remove')}
        onConfirm={() => {
          if (leaving !== null) void change(() => client.removeSchedule(leaving.id))
        }}
      />
    </Section>
  )
}
