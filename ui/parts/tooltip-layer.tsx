import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Kbd } from './kbd.tsx'
import { tooltipPlace } from './tooltip-place.ts'
import styles from './tooltip.module.css'

interface Shown {
  readonly owner: HTMLElement
  readonly text: string
  readonly keys: string | undefined
}

/** Milliseconds that the pointer must rest; the next one within `again` comes at once. */
const rest = 500
const again = 400

/**
 * Shows the tooltip of whatever has the pointer or the focus by keyboard. There is one for the page: a list has hundreds
 * of buttons, and this way they cost nothing. It can be pointed at, and Escape hides it (WCAG 1.4.13).
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null)
  const box = useRef<HTMLDivElement>(null)

  useEffect(() => followTooltips(setShown, box), [])

  useLayoutEffect(() => {
    if (shown === null || box.current === null) return
    // In the top layer, so that it is above dialogs too.
    box.current.showPopover()
    const { innerWidth: width, innerHeight: height } = window
    const own = box.current.getBoundingClientRect()
    const { x, y } = tooltipPlace(shown.owner.getBoundingClientRect(), own, { width, height })
    box.current.style.translate = `${x}px ${y}px`
  }, [shown])

  if (shown === null) return null
  return (
    <div ref={box} popover="manual" className={styles['popup']} aria-hidden="true">
      <span dir="auto">{shown.text}</span>
      {shown.keys !== undefined && <Kbd keys={shown.keys} />}
    </div>
  )
}

function followTooltips(
  show: (shown: Shown | null) => void,
  box: { readonly current: HTMLElement | null },
): () => void {
  const end = new AbortController()
  let owner: HTMLElement | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let hiddenAt = -again

  function hide(): void {
    clearTimeout(timer)
    if (owner !== null) hiddenAt = performance.now()
    owner = null
    show(null)
  }
  function offer(next: HTMLElement, wait: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const { tooltip, tooltipKeys } = next.dataset
      if (!next.isConnected || tooltip === undefined || tooltip === '') return
      owner = next
      show({ owner: next, text: tooltip, keys: tooltipKeys })
    }, wait)
  }
  const on = <T extends keyof DocumentEventMap>(type: T, listener: (event: DocumentEventMap[T]) => void): void =>
    document.addEventListener(type, listener, { signal: end.signal, capture: true, passive: true })

  on('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch' || !(target instanceof Element)) return
    const next = target.closest<HTMLElement>('[data-tooltip]')
    if (owner !== null && (next === owner || box.current?.contains(target) === true)) return
    const isQuick = owner !== null || performance.now() - hiddenAt < again
    hide()
    if (next !== null) offer(next, isQuick ? 0 : rest)
  })
  on('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement) || target.dataset['tooltip'] === undefined) return
    if (target.matches(':focus-visible')) offer(target, 0)
  })
  on('focusout', hide)
  on('pointerdown', hide)
  on('scroll', hide)
  on('keydown', hide)
  return () => {
    end.abort()
    hide()
  }
}
