import { useEffect, useRef, useState } from 'react'
import type { FocusEvent } from 'react'
import { focusRow } from '../detail/focus-row.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { classNames } from '../parts/class-names.ts'
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { usePreference } from '../state/preferences.ts'
import { dismissToast, holdToasts, useToasts } from '../state/toasts.ts'
import type { Toast } from '../state/toasts.ts'
import styles from './toast-region.module.css'

const kinds: Readonly<Record<Toast['kind'], { readonly icon: IconComponent; readonly word: Key }>> = {
  info: { icon: Info, word: 'frame.kindInfo' },
  good: { icon: CircleCheck, word: 'frame.kindGood' },
  warning: { icon: TriangleAlert, word: 'frame.kindWarning' },
  error: { icon: CircleAlert, word: 'frame.kindError' },
}

/** The messages of the page; F6 leads to them and back. They wait while they are pointed at or have the focus. */
export function ToastRegion() {
  const toasts = useToasts()
  const region = useRef<HTMLElement>(null)
  const [held, setHeld] = useState(false)
  const hold = (on: boolean): void => {
    setHeld(on)
    holdToasts(on)
  }
  const urgent = toasts.filter(isUrgent)
  const calm = toasts.filter((toast) => !isUrgent(toast))
  const none = toasts.length === 0
  useEffect(() => {
    if (!none) return
    setHeld(false)
    holdToasts(false)
  }, [none])
  const noteFocus = useWayThere(region, toasts)
  return (
    <section
      ref={region}
      className={styles['region']}
      aria-label={t('frame.messages')}
      tabIndex={-1}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(region.current?.contains(document.activeElement) ?? false)}
      onFocus={(event: FocusEvent) => {
        hold(true)
        noteFocus(event.relatedTarget)
      }}
      onBlur={(event: FocusEvent) => hold(event.currentTarget.contains(event.relatedTarget))}
    >
      {/* There before its messages, or many screen readers would not hear of them. */}
      <div className={styles['list']} aria-live="polite" aria-relevant="additions">
        {calm.map((toast) => (
          <ToastBox key={toast.id} toast={toast} held={held} />
        ))}
      </div>
      {urgent.map((toast) => (
        <ToastBox key={toast.id} toast={toast} held={held} />
      ))}
    </section>
  )
}

/** Interrupts a screen reader. */
function isUrgent({ kind }: Toast): boolean {
  return kind === 'error' || kind === 'warning'
}

function ToastBox({ toast, held }: { readonly toast: Toast; readonly held: boolean }) {
  const { id, kind, text, action, lasting = false } = toast
  const { icon: Icon, word } = kinds[kind]
  const [isEndless] = usePreference('lastingMessages')
  const duration = toast.duration ?? (kind === 'error' ? 10_000 : 6000)
  return (
    <div className={styles['toast']} data-kind={kind} data-toast={id}>
      <Icon size={16} aria-hidden="true" />
      <p className={styles['text']} {...(isUrgent(toast) ? { role: 'alert' } : {})}>
        <span className="visually-hidden">{t(word)}: </span>
        {text}
      </p>
      {action !== undefined && (
        <Button size="small" onClick={action.onSelect}>
          {action.label}
        </Button>
      )}
      <IconButton size="small" label={t('frame.dismiss')} icon={<X />} onClick={() => dismissToast(id)} />
      {action !== undefined && !lasting && !isEndless && (
        <span
          aria-hidden="true"
          className={classNames(styles['time'], held && styles['held'])}
          style={{ animationDuration: `${duration}ms` }}
        />
      )}
    </div>
  )
}

/**
 * F6 puts the focus on the newest message, and back to where it was; it goes back too when the message that has it is
 * gone. What it gives back is told where the focus comes from.
 */
function useWayThere(
  region: { readonly current: HTMLElement | null },
  toasts: readonly Toast[],
): (from: EventTarget | null) => void {
  const before = useRef<Element | null>(null)
  const wasInside = useRef(false)
  const none = toasts.length === 0

  function back(): void {
    wasInside.current = false
    const { current: place } = before
    if (place instanceof HTMLElement) place.focus()
    // What had the focus may be gone by now, or be hidden.
    if (place === null || document.activeElement !== place) focusRow()
    before.current = null
  }

  useEffect(() => {
    // The browser tells nobody that what had the focus was taken away.
    if (wasInside.current && document.activeElement === document.body) back()
  }, [toasts])
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { current } = region
      const inside = current?.contains(document.activeElement) ?? false
      if (inside && event.key === 'Escape') {
        event.preventDefault()
        back()
      }
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || current === null || none) return
      event.preventDefault()
      if (inside) back()
      else (newest(current)?.querySelector('button') ?? current).focus()
    }
    const onMove = ({ target }: Event): void => {
      wasInside.current = target instanceof Node && (region.current?.contains(target) ?? false)
    }
    const end = new AbortController()
    const { signal } = end
    document.addEventListener('keydown', onKey, { signal })
    document.addEventListener('focusin', onMove, { signal })
    document.addEventListener('pointerdown', onMove, { signal })
    return () => end.abort()
  }, [region, none])

  return (from) => {
    const isOutside = from instanceof Element && !(region.current?.contains(from) ?? false)
    if (isOutside) before.current = from
  }
}

function newest(region: HTMLElement): HTMLElement | undefined {
  const boxes = [...region.querySelectorAll<HTMLElement>('[data-toast]')]
  return boxes.toSorted((a, b) => Number(b.dataset['toast']) - Number(a.dataset['toast']))[0]
}
