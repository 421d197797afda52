import { useEffect, useRef, useState } from 'react'
import type { PointerEvent as ReactPointerEvent } from 'react'
import { dropBoundary, scrollStep } from './drop-boundary.ts'

export interface RowDragOptions {
  readonly height: number
  readonly total: number
  /** The row at `from` was dropped before the row that is at `boundary` now (`total`: behind the last one). */
  onDrop(from: number, boundary: number): void
}

/** Drags a row by its grip. Gives back where it would be dropped now, as the number of rows above; null while none is dragged. */
export function useRowDrag({ height, total, onDrop }: RowDragOptions) {
  const [boundary, setBoundary] = useState<number | null>(null)
  const stop = useRef<(() => void) | null>(null)
  useEffect(() => () => stop.current?.(), [])

  function onPointerDown(event: ReactPointerEvent<HTMLElement>): void {
    const { target, currentTarget: list, pointerId } = event
    const row = target instanceof Element ? target.closest('[data-grip]')?.closest<HTMLElement>('[data-index]') : null
    const scroller = list.querySelector<HTMLElement>('[role="grid"]')
    const body = scroller?.querySelector<HTMLElement>('[role="rowgroup"]:last-of-type')
    if (!row || !scroller || !body || event.button !== 0) return
    event.preventDefault()
    const from = Number(row.dataset['index'])
    const ending = new AbortController()
    const { signal } = ending
    let now: number | null = null
    let y = event.clientY
    let frame = 0

    const follow = (): void => {
      scroller.scrollTop += scrollStep(y, scroller.getBoundingClientRect())
      now = dropBoundary(y - body.getBoundingClientRect().top, height, total)
      setBoundary(now === from || now === from + 1 ? null : now)
      frame = requestAnimationFrame(follow)
    }
    const end = (): void => {
      cancelAnimationFrame(frame)
      ending.abort()
      delete row.dataset['dragged']
      setBoundary(null)
      stop.current = null
    }
    stop.current = end
    row.dataset['dragged'] = ''
    const mine = (one: PointerEvent): boolean => one.pointerId === pointerId
    addEventListener('pointermove', (one) => mine(one) && (y = one.clientY), { signal })
    addEventListener('pointercancel', (one) => mine(one) && end(), { signal })
    addEventListener(
      'pointerup',
      (one) => {
        if (!mine(one)) return
        const to = now
        end()
        if (to !== null && to !== from && to !== from + 1) onDrop(from, to)
      },
      { signal },
    )
    addEventListener(
      'keydown',
      (one) => {
        if (one.key !== 'Escape') return
        one.preventDefault()
        one.stopPropagation()
        end()
      },
      { signal, capture: true },
    )
    follow()
  }

  return { boundary, onPointerDown }
}
