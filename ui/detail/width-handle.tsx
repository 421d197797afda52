import { useState, useSyncExternalStore } from 'react'
import type { PointerEvent } from 'react'
import { t, useLanguage } from '../i18n/index.ts'
import { usePreference } from '../state/preferences.ts'
import { clampWidth, narrowest, usualWidth, widestIn, widthAfterKey } from './panel-width.ts'
import styles from './detail-panel.module.css'

export interface PanelSize {
  readonly width: number
  /** The widest that this window has room for. */
  readonly most: number
  /** While it is dragged; kept only at the end. */
  readonly onDrag: (width: number) => void
  readonly onDrop: () => void
  readonly onKeep: (width: number) => void
}

/** The width of the panel, remembered in this browser. */
export function usePanelWidth(): PanelSize {
  const [kept, keep] = usePreference('detailWidth')
  const most = useSyncExternalStore(onResize, () => widestIn(innerWidth))
  const [dragged, setDragged] = useState<number | null>(null)
  return {
    width: clampWidth(dragged ?? kept, most),
    most,
    onDrag: setDragged,
    onDrop() {
      if (dragged !== null) keep(dragged)
      setDragged(null)
    },
    onKeep: keep,
  }
}

function onResize(listener: () => void): () => void {
  addEventListener('resize', listener)
  return () => removeEventListener('resize', listener)
}

/** The edge between list and panel: dragged, or moved by arrows, Home and End; Enter and a double click undo that. */
export function WidthHandle({ width, most, onDrag, onDrop, onKeep }: PanelSize) {
  const { direction } = useLanguage()
  const rightToLeft = direction === 'rtl'

  function widthAt(event: PointerEvent<HTMLElement>): number {
    const panel = event.currentTarget.parentElement?.getBoundingClientRect()
    if (panel === undefined) return width
    return clampWidth(rightToLeft ? event.clientX - panel.left : panel.right - event.clientX, most)
  }

  return (
    <div
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={t('detail.width')}
      aria-valuenow={width}
      aria-valuemin={narrowest}
      aria-valuemax={most}
      aria-valuetext={t('detail.widthValue', { count: width })}
      className={styles['handle']}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) onDrag(widthAt(event))
      }}
      onLostPointerCapture={onDrop}
      onDoubleClick={() => onKeep(usualWidth)}
      onKeyDown={(event) => {
        const next = widthAfterKey(width, event.key, rightToLeft, most)
        if (next === null) return
        event.preventDefault()
        onKeep(next)
      }}
    />
  )
}
