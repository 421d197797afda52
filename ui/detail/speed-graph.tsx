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

/** A short curve fills the chart too. */
const spans = [
  { seconds: 60, marks: [40, 20] },
  { seconds: 150, marks: [120, 60] },
  { seconds: lookBack, marks: [240, 120] },
] as const

function spanOf([first = 0]: readonly number[]) {
  return spans.find(({ seconds }) => -first <= seconds) ?? spans[2]
}

function agoText(seconds: number): string {
  return seconds < 60
    ? t('detail.secondsAgo', { count: seconds })
    : t('detail.minutesAgo', { count: Math.round(seconds / 60) })
}

/** A curve of speeds for LineChart. `cap` in bytes per second, null for none. */
export function chartOf({ times, speeds }: ReturnType<typeof speedCurve>, cap: number | null): ChartData {
  const span = spanOf(times)
  const most = speeds.reduce((highest: number, speed) => Math.max(highest, speed ?? 0), 0)
  // The line of the cap is worth its room only where the curve comes near it.
  const shown = cap !== null && cap <= most * 3 ? cap : null
  return {
    x: times,
    from: -span.seconds,
    to: 0,
    xMarks: [
      ...span.marks.map((seconds) => ({ at: -seconds, text: agoText(seconds) })),
      { at: 0, text: t('detail.now') },
    ],
    yMarks: byteTicks(Math.max(most, (shown ?? 0) * 1.1), 3).map((at) => ({ at, text: rate(at) })),
    series: [{ values: speeds }],
    cap: shown === null ? null : { value: shown, text: t('detail.speedCap', { rate: rate(shown) }) },
    describe(index) {
      const speed = speeds[index] ?? null
      return speed === null ? '' : t('detail.speedAt', { time: duration(-(times[index] ?? 0)), rate: rate(speed) })
    },
  }
}
