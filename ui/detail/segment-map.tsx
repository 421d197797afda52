import { useEffect, useId, useRef } from 'react'
import { count } from '../i18n/formats.ts'
import { t, useLanguage } from '../i18n/index.ts'
import { classNames } from '../parts/class-names.ts'
import { createMapPainter } from './map-painter.ts'
import type { MapPainter } from './map-painter.ts'
import type { MapView } from './map-summary.ts'
import styles from './segment-map.module.css'

export interface SegmentMapProps {
  readonly view: MapView
  /** The same in words. */
  readonly summary: string
  /** What it is a map of. */
  readonly name: string
}

/** Which bytes of the file are here, and which connection fetches where. */
export function SegmentMap({ view, summary, name }: SegmentMapProps) {
  const { direction, language } = useLanguage()
  const canvas = useRef<HTMLCanvasElement>(null)
  const painter = useRef<MapPainter>(null)
  const summaryId = useId()
  useEffect(() => {
    if (canvas.current === null) return undefined
    const made = createMapPainter(canvas.current, { rightToLeft: direction === 'rtl', writeNumber: count })
    painter.current = made
    return made.close
  }, [direction, language])
  useEffect(() => painter.current?.show(view), [view, direction, language])
  const running = view.connections.length > 0
  const coming = running || view.segments.some(({ active }) => active)
  return (
    <div className={styles['map']}>
      <canvas ref={canvas} className={styles['canvas']} role="img" aria-label={name} aria-describedby={summaryId} />
      <p id={summaryId} className={styles['summary']}>
        {summary}
      </p>
      <ul className={styles['legend']} aria-hidden="true">
        <Swatch
          look={view.verified ? 'checked' : 'here'}
          text={t(view.verified ? 'detail.legendChecked' : 'detail.legendHere')}
        />
        {running && <Swatch look="writer" text={t('detail.legendWriter')} />}
        {coming && view.total !== null && <Swatch look="coming" text={t('detail.legendComing')} />}
        {!view.whole && view.total !== null && <Swatch look="free" text={t('detail.legendFree')} />}
      </ul>
    </div>
  )
}

function Swatch({ look, text }: { readonly look: string; readonly text: string }) {
  return (
    <li>
      <span className={classNames(styles['swatch'], styles[look])} />
      {text}
    </li>
  )
}
