import { memo, useState } from 'react'
import type { ReactNode } from 'react'
import { useSelected } from '../state/selection.ts'
import styles from './grid.module.css'

export interface GridRowProps {
  readonly index: number
  /** Rows of heads above the first one. */
  readonly heads: number
  /** Undefined until the row is loaded. */
  readonly id: string | undefined
  readonly top: number
  readonly height: number
  readonly isFocused: boolean
  /** The list flies by: only a row that is drawn already is drawn whole. */
  readonly isPassing: boolean
  readonly isSelectable: boolean
  /** Its details are shown beside the list. */
  readonly isOpen: boolean
  readonly row: (id: string, isFocused: boolean, index: number) => ReactNode
  readonly skeleton: ReactNode
}

/** The frame of a row: its place, its number and whether it is selected. */
export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { index, heads, id, top, height, isFocused, isPassing, isSelectable, isOpen, row, skeleton } = props
  const isSelected = useSelected(id ?? '')
  const [isWhole, setWhole] = useState(!isPassing)
  if (!isWhole && !isPassing) setWhole(true)
  return (
    <div
      role="row"
      aria-rowindex={index + heads + 1}
      {...(isSelectable ? { 'aria-selected': isSelected } : {})}
      {...(isOpen ? { 'aria-current': true } : {})}
      {...(id === undefined ? { 'aria-busy': true } : { 'data-id': id })}
      data-index={index}
      tabIndex={isFocused ? 0 : -1}
      className={styles['row']}
      style={{ transform: `translateY(${top}px)`, blockSize: height }}
    >
      {!isWhole ? <Passing /> : id === undefined ? skeleton : row(id, isFocused, index)}
    </div>
  )
})

/** All that one sees of a row that flies by. */
function Passing() {
  return (
    <div role="gridcell" className={styles['passing']}>
      <span>{'\u00a0'}</span>
    </div>
  )
}
