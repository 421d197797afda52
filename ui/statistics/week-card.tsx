import { useState } from 'react'
import type { Statistics } from '../../src/server/api-types.ts'
import { bytes, count, dayOfYear } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Card } from './card.tsx'
import { dayOf } from './figures.ts'
import styles from './statistics.module.css'
import { WeekBars } from './week-bars.tsx'

type Week = Statistics['week']

/** Seven days as bars, or the same figures as a table. */
export function WeekCard({ week }: { readonly week: Week }) {
  const [isTable, setTable] = useState(false)
  const sum = week.reduce((total, day) => total + day.bytes, 0)
  const files = week.reduce((total, day) => total + day.files, 0)
  const total = t('statistics.weekTotal', { size: bytes(sum), files: t('statistics.files', { count: files }) })
  return (
    <Card
      title={t('statistics.week')}
      note={total}
      action={
        <Button size="small" variant="plain" onClick={() => setTable(!isTable)}>
          {t(isTable ? 'statistics.asChart' : 'statistics.asTable')}
        </Button>
      }
    >
      {isTable ? <WeekTable week={week} /> : <WeekBars week={week} total={total} />}
    </Card>
  )
}

function WeekTable({ week }: { readonly week: Week }) {
  return (
    <table className={styles['table']} aria-label={t('statistics.week')}>
      <thead>
        <tr>
          <th scope="col">{t('statistics.day')}</th>
          <th scope="col">{t('statistics.size')}</th>
          <th scope="col">{t('statistics.filesHead')}</th>
        </tr>
      </thead>
      <tbody>
        {week.map((day) => (
          <tr key={day.date}>
            <th scope="row">{dayOfYear(dayOf(day.date))}</th>
            <td>{bytes(day.bytes)}</td>
            <td>{count(day.files)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
