import { useEffect, useRef } from 'react'
import 'uplot/dist/uPlot.min.css'
import { useLanguage } from '../i18n/index.ts'
import { createChart } from './chart-plot.ts'
import type { Chart, ChartData } from './chart-plot.ts'
import styles from './line-chart.module.css'

export type { AxisMark, ChartCap, ChartData, ChartSeries } from './chart-plot.ts'

export interface LineChartProps {
  /** What is shown. */
  readonly label: string
  /** What it says, for those who do not see it. */
  readonly summary: string
  readonly data: ChartData
  /** CSS pixels. */
  readonly height?: number
}

/**
 * Lines or bars over one axis in the colours of the theme; right to left, it runs so too. Marks come with their words, so
 * that no number stands without its unit.
 */
export function LineChart({ label, summary, data, height = 140 }: LineChartProps) {
  const { direction } = useLanguage()
  const place = useRef<HTMLDivElement>(null)
  const readout = useRef<HTMLDivElement>(null)
  const chart = useRef<Chart>(null)
  const latest = useRef(data)
  useEffect(() => {
    if (place.current === null) return undefined
    const made = createChart(place.current, {
      height,
      rightToLeft: direction === 'rtl',
      data: latest.current,
      onPoint(text) {
        if (readout.current !== null) readout.current.textContent = text
      },
    })
    chart.current = made
    return made.close
  }, [direction, height])
  useEffect(() => {
    latest.current = data
    chart.current?.show(data)
  }, [data])
  return (
    <div className={styles['chart']}>
      <div className={styles['readout']} ref={readout} aria-hidden="true" />
      <div
        className={styles['plot']}
        ref={place}
        role="img"
        aria-label={`${label}. ${summary}`}
        style={{ blockSize: height }}
      />
    </div>
  )
}
