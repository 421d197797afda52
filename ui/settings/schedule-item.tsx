import type { Schedule } from '../../src/server/api-types.ts'
import { dateTime } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { client } from '../state/client.ts'
import { cronName } from './cron-choices.ts'
import { ItemRow } from './item-row.tsx'
import type { ItemProps } from './items-section.tsx'
import styles from './settings.module.css'

export function nameOf({ name, request }: Schedule): string {
  return name === '' ? request.reference : name
}

export function ScheduleItem({ item: schedule, ways }: ItemProps<Schedule>) {
  const { id, cron, enabled, lastRun, nextRun, request } = schedule
  const name = nameOf(schedule)
  const known = cronName(cron)
  const next = !enabled
    ? t('settings.scheduleOff')
    : nextRun === null
      ? t('settings.noNextRun')
      : t('settings.nextRun', { time: dateTime(nextRun) })
  const last = lastRun === null ? t('settings.neverRun') : t('settings.lastRun', { time: dateTime(lastRun) })
  return (
    <ItemRow
      enabled={enabled}
      enabledLabel={t('settings.scheduleEnabled', { name })}
      editLabel={t('settings.editSchedule', { name })}
      removeLabel={t('settings.removeSchedule', { name })}
      onSwitch={(on) => void ways.change(() => client.changeSchedule(id, { enabled: on }))}
      ways={ways}
    >
      <p className={styles['name']}>
        <bdi>{name}</bdi>
      </p>
      <p className={styles['address']} dir="ltr">
        {request.reference}
      </p>
      <p className={styles['hint']}>
        {known === undefined ? <code dir="ltr">{cron}</code> : t(known)} · {next} · {last}
      </p>
    </ItemRow>
  )
}
