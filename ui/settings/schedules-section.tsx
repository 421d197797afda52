import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { ItemsSection } from './items-section.tsx'
import { ScheduleForm } from './schedule-form.tsx'
import { ScheduleItem, nameOf } from './schedule-item.tsx'

export function SchedulesSection() {
  return (
    <ItemsSection
      id="schedules"
      note={t('settings.schedulesText')}
      none={t('settings.noSchedules')}
      add={t('settings.addSchedule')}
      editTitle={(schedule) => t('settings.editSchedule', { name: nameOf(schedule) })}
      removeTitle={(schedule) => t('settings.removeScheduleTitle', { name: nameOf(schedule) })}
      removeText={() => t('settings.removeScheduleText')}
      load={client.schedules}
      remove={client.removeSchedule}
      Row={ScheduleItem}
      Form={ScheduleForm}
    />
  )
}
