import { useRef } from 'react'
import type { FocusEvent, KeyboardEvent, MouseEvent } from 'react'
import { between, moveFocus } from './selection-range.ts'

/** What the keys of a grid do with rows; ids of rows that are not loaded are found out. */
export interface GridSelection {
  has(id: string): boolean
  ids(): readonly string[]
  toggle(id: string): void
  /** These and no others. */
  all(ids: readonly string[]): void
  clear(): void
  everything(): void
  between(first: number, last: number): Promise<readonly string[]>
}

export interface GridKeysOptions {
  readonly total: number
  idAt(index: number): string | undefined
  /** Rows seen at once. */
  readonly page: number
  readonly selection: GridSelection | null
  onOpen(id: string): void
  go(index: number): void
  note(index: number): void
}

const controls = 'button, a, input, select, label, [role="menuitem"]'

/** Keys and clicks of a grid: arrows move, Space selects, with Shift from one row to another, Enter and a click open. */
export function useGridKeys(options: GridKeysOptions) {
  const { total, idAt, page, selection, onOpen, go, note } = options
  /** Where a range began, and what was selected besides. */
  const anchor = useRef<{ readonly index: number; readonly base: readonly string[] } | null>(null)
  const asked = useRef(0)

  function startRange(index: number, base: readonly string[]): void {
    anchor.current = { index, base }
  }

  async function extendRange(from: number, to: number): Promise<void> {
    if (selection === null) return
    if (anchor.current === null) startRange(from, selection.ids())
    const { index = from, base = [] } = anchor.current ?? {}
    const [first, last] = between(index, to)
    const number = ++asked.current
    const ids = await selection.between(first, last)
    if (number === asked.current) selection.all([...base, ...ids])
  }

  function toggle(index: number): void {
    const id = idAt(index)
    if (selection === null || id === undefined) return
    selection.toggle(id)
    startRange(
      index,
      selection.ids().filter((one) => one !== id),
    )
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>): void {
    const { key, target, shiftKey, altKey } = event
    const index = indexOf(target)
    if (index === null || altKey) return
    const onControl = target instanceof Element && target.closest(controls) !== null
    const command = event.ctrlKey || event.metaKey
    if (command && key.toLowerCase() === 'a' && selection) selection.everything()
    else if (command && key !== 'Home' && key !== 'End') return
    else if (key === ' ' && !onControl) toggle(index)
    else if (key === 'Enter' && !onControl) open(index)
    else if (key === 'Escape' && selection && selection.ids().length > 0) selection.clear()
    else if (key === 'ArrowLeft' || key === 'ArrowRight') return moveInRow(event)
    else {
      const to = moveFocus(key, index, total, page)
      if (to === null) return
      if (shiftKey && selection) void extendRange(index, to)
      else anchor.current = null
      go(to)
    }
    event.preventDefault()
    event.stopPropagation()
  }

  function open(index: number): void {
    const id = idAt(index)
    if (id !== undefined) onOpen(id)
  }

  function onClick(event: MouseEvent<HTMLElement>): void {
    const { target } = event
    const index = indexOf(target)
    if (index === null || event.defaultPrevented) return
    const box = target instanceof HTMLInputElement && target.type === 'checkbox'
    if (selection && event.shiftKey && (box || !isControl(target))) {
      event.preventDefault()
      void extendRange(anchor.current?.index ?? index, index)
    } else if (box) toggle(index)
    else if (isControl(target) || isTextSelected()) return
    else if (selection && (event.ctrlKey || event.metaKey)) toggle(index)
    else open(index)
  }

  function onFocus({ target }: FocusEvent<HTMLElement>): void {
    const index = indexOf(target)
    if (index !== null) note(index)
  }

  return { onKeyDown, onClick, onFocus }
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest(controls) !== null
}

function isTextSelected(): boolean {
  return getSelection()?.type === 'Range'
}

function rowOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('[data-index]') : null
}

function indexOf(target: EventTarget): number | null {
  const index = rowOf(target)?.dataset['index']
  return index === undefined ? null : Number(index)
}

/** Left and right walk through the controls of a row, as the direction of the text has it. */
function moveInRow(event: KeyboardEvent<HTMLElement>): void {
  const row = rowOf(event.target)
  if (row === null || (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox')) return
  const stops = [row, ...row.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input')]
  const forward = (event.key === 'ArrowRight') === (getComputedStyle(row).direction === 'ltr')
  const now = stops.findIndex((one) => one === document.activeElement)
  const next = stops[now + (forward ? 1 : -1)]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
