import { lazy, Suspense, useMemo } from 'react'
import { capNow } from '../../src/core/speed-windows.ts'
import { chartOf } from '../detail/speed-graph.tsx'
import { speedCurve } from '../detail/speed-curve.ts'
import { rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import { useSettings, useTotalSpeed, useTotalSpeeds } from '../state/live.ts'
import { Card } from './card.tsx'

const LineChart = lazy(async () => ({ default: (await import('../detail/line-chart.tsx')).LineChart }))
const height = 160

/** All downloads together, with the limit that holds now. */
export function TotalSpeedCard() {
  const samples = useTotalSpeeds()
  const speed = useTotalSpeed()
  const settings = useSettings()
  const now = samples.at(-1)?.at ?? 0
  const curve = useMemo(() => speedCurve(samples, now), [samples, now])
  const cap = useMemo(() => {
    if (settings === undefined) return null
    const local = new Date(now)
    const at = { day: local.getDay(), minutes: local.getHours() * 60 + local.getMinutes() }
    return capNow(settings.speedLimit, settings.speedWindows, at) ?? null
  }, [settings, now])
  const data = useMemo(() => chartOf(curve, cap), [curve, cap])
  const summary = t('statistics.speedText', { speed: rate(speed) })
  return (
    <Card title={t('statistics.speed')} note={summary}>
      {curve.speeds.some((one) => one !== null && one > 0) ? (
        <Suspense fallback={<Skeleton height={`${height}px`} />}>
          <LineChart label={t('statistics.speed')} summary={summary} data={data} height={height} />
        </Suspense>
      ) : (
        <p>{t('statistics.speedNone')}</p>
      )}
    </Card>
  )
}
