import type { Schedule } from '../../src/server/api-types.ts'
import { dateTime } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { Switch } from '../parts/checks.tsx'
import { SlidersHorizontal, Trash2 } from '../parts/icon.tsx'
import { cronName } from './cron-choices.ts'
import styles from './settings.module.css'

export interface ScheduleItemProps {
  readonly schedule: Schedule
  readonly onSwitch: (enabled: boolean) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}

export function ScheduleItem({ schedule, onSwitch, onEdit, onRemove }: ScheduleItemProps) {
  const { cron, enabled, lastRun, nextRun, request } = schedule
  const name = schedule.name === '' ? request.reference : schedule.name
  const known = cronName(cron)
  const next = !enabled
    ? t('settings.scheduleOff')
    : nextRun === null
      ? t('settings.noNextRun')
      : t('settings.nextRun', { time: dateTime(nextRun) })
  const last = lastRun === null ? t('settings.neverRun') : t('settings.lastRun', { time: dateTime(lastRun) })
  return (
    <li className={styles['item']}>
      <Switch label={t('settings.scheduleEnabled', { name })} hideLabel checked={enabled} onChange={onSwitch} />
      <div className={styles['grow']}>
        <p className={styles['name']}>
          <bdi>{name}</bdi>
        </p>
        <p className={styles['address']} dir="ltr">
          {request.reference}
        </p>
        <p className={styles['hint']}>
          {known === undefined ? <code dir="ltr">{cron}</code> : t(known)} · {next} · {last}
        </p>
      </div>
      <IconButton
        size="small"
        label={t('settings.editSchedule', { name })}
        icon={<SlidersHorizontal />}
        onClick={onEdit}
      />
      <IconButton size="small" label={t('settings.removeSchedule', { name })} icon={<Trash2 />} onClick={onRemove} />
    </li>
  )
}
