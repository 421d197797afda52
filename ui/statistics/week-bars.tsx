import type { Statistics } from '../../src/server/api-types.ts'
import { byteTicks } from '../detail/rate-axis.ts'
import { bytes, dayOfYear, weekday } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { dayOf } from './figures.ts'
import styles from './week-bars.module.css'

/** A list of days for those who hear it, bars for those who see it. */
export function WeekBars({ week, total }: { readonly week: Statistics['week']; readonly total: string }) {
  const ticks = byteTicks(Math.max(...week.map((day) => day.bytes), 1), 3)
  const top = ticks.at(-1) ?? 1
  return (
    <div className={styles['chart']}>
      <div className={styles['axis']} aria-hidden="true">
        {ticks.toReversed().map((tick) => (
          <span key={tick} className={styles['tick']}>
            {tick === 0 ? '' : bytes(tick)}
          </span>
        ))}
      </div>
      <ol className={styles['bars']} aria-label={`${t('statistics.week')}: ${total}`}>
        {week.map((day, i) => {
          const words = t('statistics.weekBar', {
            day: dayOfYear(dayOf(day.date)),
            size: bytes(day.bytes),
            files: t('statistics.files', { count: day.files }),
          })
          return (
            <li key={day.date} className={styles['day']} title={words}>
              <span className="visually-hidden">{words}</span>
              <svg className={styles['bar']} viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  className={
                    day.bytes === 0 ? styles['nothing'] : i === week.length - 1 ? styles['today'] : styles['fill']
                  }
                  x="0"
                  width="10"
                  y={day.bytes === 0 ? 99 : 100 - (day.bytes / top) * 100}
                  height={day.bytes === 0 ? 1 : Math.max(1, (day.bytes / top) * 100)}
                />
              </svg>
              <span className={styles['name']} aria-hidden="true">
                {weekday(dayOf(day.date), 'short')}
              </span>
            </li>
          )
        })}
      </ol>
    </div>
  )
}
