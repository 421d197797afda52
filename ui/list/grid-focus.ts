import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { findNear } from './selection-range.ts'

export interface GridRows {
  readonly total: number
  idAt(index: number): string | undefined
}

export interface GridFocus {
  /** The one row that Tab leads to. */
  readonly index: number
  /** Moves the focus there as soon as the row is drawn. */
  go(index: number): void
  /** The focus has come to a row by itself: by a click or by Tab. */
  note(index: number): void
}

/**
 * Which row has the focus, by its download: it stays with that one when the order changes, and goes to the neighbour
 * when that one leaves the list. A row that is drawn anew gets the focus back that the browser took from it.
 */
export function useGridFocus(grid: RefObject<HTMLElement | null>, { total, idAt }: GridRows): GridFocus {
  const [at, setAt] = useState<{ readonly index: number; readonly id: string | undefined }>({ index: 0, id: undefined })
  const wanted = useRef(false)
  const inside = useRef(false)

  let { index } = at
  if (at.id !== undefined && idAt(index) !== at.id) {
    const found = findNear(at.id, index, total, idAt)
    if (found >= 0) index = found
  }
  index = Math.max(0, Math.min(index, total - 1))
  const id = idAt(index)

  useEffect(() => {
    if (id !== undefined && (id !== at.id || index !== at.index)) setAt({ index, id })
  }, [id, index, at])

  useEffect(() => {
    const left = ({ target }: Event): void => {
      inside.current = target instanceof Node && grid.current?.contains(target) === true
    }
    document.addEventListener('focusin', left)
    document.addEventListener('pointerdown', left)
    return () => {
      document.removeEventListener('focusin', left)
      document.removeEventListener('pointerdown', left)
    }
  }, [grid])

  useLayoutEffect(() => {
    const lost = inside.current && document.activeElement === document.body
    if (!wanted.current && !lost) return
    const row = grid.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)
    if (!row) return
    wanted.current = false
    row.focus({ preventScroll: true })
  })

  const note = useCallback((next: number) => setAt({ index: next, id: idAt(next) }), [idAt])
  const go = useCallback(
    (next: number) => {
      wanted.current = true
      note(next)
    },
    [note],
  )
  return { index, go, note }
}
