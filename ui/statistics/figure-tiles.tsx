import type { Statistics } from '../../src/server/api-types.ts'
import { bytes, duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from './statistics.module.css'

export function FigureTiles({ statistics }: { readonly statistics: Statistics }) {
  const { totalBytes, totalFiles, todayBytes, todayFiles, sessionBytes, sessionFiles, averageSpeed, totalTime } =
    statistics
  return (
    <dl className={styles['tiles']} aria-label={t('statistics.totals')}>
      <Tile name={t('statistics.allTime')} figure={bytes(totalBytes)} note={files(totalFiles)} />
      <Tile name={t('statistics.today')} figure={bytes(todayBytes)} note={files(todayFiles)} />
      <Tile name={t('statistics.session')} figure={bytes(sessionBytes)} note={files(sessionFiles)} />
      <Tile
        name={t('statistics.average')}
        figure={rate(averageSpeed)}
        note={t('statistics.averageNote', { time: duration(totalTime) })}
      />
    </dl>
  )
}

interface TileProps {
  readonly name: string
  readonly figure: string
  readonly note: string
}

function Tile({ name, figure, note }: TileProps) {
  return (
    <div className={styles['card']}>
      <dt className={styles['note']}>{name}</dt>
      <dd className={styles['figure']}>{figure}</dd>
      <dd className={styles['note']}>{note}</dd>
    </div>
  )
}

function files(count: number): string {
  return t('statistics.files', { count })
}
