import { lazy, Suspense, useMemo } from 'react'
import { duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import { useDownloadSpeeds } from '../state/live.ts'
import type { ChartData } from './line-chart.tsx'
import { byteTicks } from './rate-axis.ts'
import { curveFigures, lookBack, speedCurve } from './speed-curve.ts'
import styles from './detail.module.css'

const LineChart = lazy(async () => ({ default: (await import('./line-chart.tsx')).LineChart }))
const height = 132

export interface SpeedGraphProps {
  readonly id: string
  /** Bytes per second that hold it back; null for none. */
  readonly cap: number | null
  /** ms since 1970; the right end of the curve. */
  readonly now: number
}

/** How fast it was in the last five minutes. */
export function SpeedGraph({ id, cap, now }: SpeedGraphProps) {
  const samples = useDownloadSpeeds(id)
  const curve = useMemo(() => speedCurve(samples, now), [samples, now])
  const figures = curveFigures(curve)
  const data = useMemo(() => chartOf(curve, cap), [curve, cap])
  if (figures === null) return <p className={styles['quiet']}>{t('detail.speedNone')}</p>
  const summary = t('detail.speedSummary', {
    now: rate(figures.now),
    mean: rate(figures.mean),
    most: rate(figures.most),
  })
  return (
    <div className={styles['graph']}>
      <Suspense fallback={<Skeleton height={`${height}px`} />}>
        <LineChart label={t('detail.speedChart')} summary={summary} data={data} height={height} />
      </Suspense>
      <p className={styles['quiet']} aria-hidden="true">
        {summary}
      </p>
    </div>
  )
}

/** A curve of speeds for LineChart. `cap` in bytes per second, null for none. */
export function chartOf({ times, speeds }: ReturnType<typeof speedCurve>, cap: number | null): ChartData {
  const most = speeds.reduce((highest: number, speed) => Math.max(highest, speed ?? 0), 0)
  // The line of the cap is worth its room only where the curve comes near it.
  const shown = cap !== null && cap <= most * 3 ? cap : null
  return {
    x: times,
    from: -lookBack,
    to: 0,
    xMarks: [-4, -2, 0].map((minute) => ({
      at: minute * 60,
      text: minute === 0 ? t('detail.now') : t('detail.minutesAgo', { count: -minute }),
    })),
    yMarks: byteTicks(Math.max(most, (shown ?? 0) * 1.1), 3).map((at) => ({ at, text: rate(at) })),
    series: [{ values: speeds }],
    cap: shown === null ? null : { value: shown, text: t('detail.speedCap', { rate: rate(shown) }) },
    describe(index) {
      const speed = speeds[index] ?? null
      return speed === null ? '' : t('detail.speedAt', { time: duration(-(times[index] ?? 0)), rate: rate(speed) })
    },
  }
}
