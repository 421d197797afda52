import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { MouseEvent, ReactNode } from 'react'
import { useFastScroll } from './fast-scroll.ts'
import { useGridFocus } from './grid-focus.ts'
import type { GridRows } from './grid-focus.ts'
import { GridRow } from './grid-row.tsx'
import styles from './grid.module.css'
import { useGridKeys } from './grid-keys.ts'
import type { GridSelection } from './grid-keys.ts'

/** Chromium draws no element that is higher; what lies below is reached by filters and by another order. */
const highest = 30_000_000

export interface VirtualGridProps {
  readonly label: string
  readonly rows: GridRows & { ensure(first: number, last: number): void }
  /** False when there may be more rows than `total`. */
  readonly isExact?: boolean
  readonly height: number
  /** Height of the head, 0 without one. */
  readonly headHeight: number
  readonly head: ReactNode
  readonly columns: number
  readonly layout: string
  readonly tab: string
  readonly selection: GridSelection | null
  readonly onOpen: (id: string) => void
  /** Whose details are shown. */
  readonly openId: string | null
  readonly row: (id: string, isFocused: boolean, index: number) => ReactNode
  readonly skeleton: ReactNode
  /** Drawn over the rows, in their coordinates. */
  readonly over?: ReactNode
}

/** A grid of rows of one height, of which only those in sight exist. Keys and focus as in the ARIA pattern "grid". */
export function VirtualGrid(props: VirtualGridProps) {
  const { rows, height, headHeight, head, selection, onOpen } = props
  const heads = head === null ? 0 : 1
  const grid = useRef<HTMLDivElement>(null)
  const total = Math.min(rows.total, Math.floor(highest / height))
  const fast = useFastScroll()
  const focus = useGridFocus(grid, { total, idAt: rows.idAt })
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => grid.current,
    estimateSize: () => height,
    overscan: 4,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    getItemKey: (index) => rows.idAt(index) ?? index,
    // The focused row exists always, or the focus would be lost when it is scrolled out of sight.
    rangeExtractor: (range) => {
      const seen = defaultRangeExtractor(range)
      return focus.index >= total || seen.includes(focus.index) ? seen : [...seen, focus.index].sort((a, b) => a - b)
    },
    useFlushSync: false,
  })
  useEffect(() => virtual.measure(), [virtual, height])

  const { startIndex: first = 0, endIndex: last = 0 } = virtual.range ?? {}
  // A page more on both sides, so that one who scrolls on does not see rows without names.
  const page = last - first + 1
  useEffect(() => rows.ensure(Math.max(0, first - page), last + page), [rows, first, last, page])

  const go = (index: number): void => {
    virtual.scrollToIndex(index, { align: 'auto' })
    focus.go(index)
  }
  const keys = useGridKeys({ total, idAt: rows.idAt, page, selection, onOpen, go, note: focus.note })

  return (
    <div
      ref={grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.isExact === false ? -1 : rows.total + heads}
      aria-colcount={props.columns}
      {...(selection ? { 'aria-multiselectable': true } : {})}
      className={styles['grid']}
      data-layout={props.layout}
      data-tab={props.tab}
      onScroll={fast.onScroll}
      onKeyDown={keys.onKeyDown}
      onClick={keys.onClick}
      onMouseDown={keepFocusOnRow}
      onFocus={keys.onFocus}
    >
      {head}
      <div role="rowgroup" className={styles['body']} style={{ blockSize: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ key, index, start }) => (
          <GridRow
            key={key}
            index={index}
            heads={heads}
            id={rows.idAt(index)}
            top={start - headHeight}
            height={height}
            isFocused={index === focus.index}
            isPassing={fast.isFast}
            isSelectable={selection !== null}
            isOpen={props.openId !== null && rows.idAt(index) === props.openId}
            row={props.row}
            skeleton={props.skeleton}
          />
        ))}
        {props.over}
      </div>
    </div>
  )
}

/** A click with Shift selects rows, not text. */
function keepFocusOnRow(event: MouseEvent): void {
  if (event.shiftKey) event.preventDefault()
}
