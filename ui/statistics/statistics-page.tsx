import { t } from '../i18n/index.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { ChartColumn, CircleAlert } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { errorText } from '../state/texts.ts'
import { DiskCard } from './disk-card.tsx'
import { FigureTiles } from './figure-tiles.tsx'
import { HostsCard, TypesCard } from './rank-cards.tsx'
import { StatesCard } from './states-card.tsx'
import styles from './statistics.module.css'
import { TotalSpeedCard } from './total-speed-card.tsx'
import { useStatistics } from './use-statistics.ts'
import { WeekCard } from './week-card.tsx'

export function StatisticsPage() {
  const { statistics, error } = useStatistics()
  if (statistics === undefined) {
    if (error === undefined) return <Waiting />
    const { text, hint } = errorText(error)
    return (
      <EmptyState
        icon={<CircleAlert />}
        title={t('statistics.failedTitle')}
        text={`${text} ${hint} ${t('statistics.failedText')}`}
      />
    )
  }
  const hasHistory = statistics.totalFiles > 0
  return (
    <div className={styles['page']}>
      {hasHistory ? (
        <FigureTiles statistics={statistics} />
      ) : (
        <div className={styles['wide']}>
          <EmptyState icon={<ChartColumn />} title={t('statistics.emptyTitle')} text={t('statistics.emptyText')} />
        </div>
      )}
      <TotalSpeedCard />
      {hasHistory && <WeekCard week={statistics.week} />}
      <StatesCard counts={statistics.counts} />
      {hasHistory && <HostsCard bytesByHost={statistics.topDomains} />}
      {hasHistory && <TypesCard filesByType={statistics.fileTypeStats} />}
      <DiskCard downloaded={statistics.totalBytes} />
    </div>
  )
}

/** In the shape of what is coming. */
function Waiting() {
  return (
    <div className={styles['page']} aria-busy="true" aria-label={t('common.loading')} role="status">
      <div className={styles['tiles']}>
        {['all', 'today', 'session', 'average'].map((tile) => (
          <div key={tile} className={styles['card']}>
            <Skeleton width="50%" />
            <Skeleton width="70%" height="28px" />
          </div>
        ))}
      </div>
      <div className={styles['card']}>
        <Skeleton height="160px" />
      </div>
      <div className={styles['card']}>
        <Skeleton height="160px" />
      </div>
    </div>
  )
}
