import { useEffect, useRef, useState } from 'react'
import type { FocusEvent } from 'react'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { classNames } from '../parts/class-names.ts'
import { CircleAlert, CircleCheck, Info, TriangleAlert, X } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
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
  const none = toasts.length === 0
  useEffect(() => {
    if (!none) return
    setHeld(false)
    holdToasts(false)
  }, [none])
  useWayThere(region, none)
  return (
    <section
      ref={region}
      className={styles['region']}
      aria-label={t('frame.messages')}
      tabIndex={-1}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(region.current?.contains(document.activeElement) ?? false)}
      onFocus={() => hold(true)}
      onBlur={(event: FocusEvent) => hold(event.currentTarget.contains(event.relatedTarget))}
    >
      {toasts.map((toast) => (
        <ToastBox key={toast.id} toast={toast} held={held} />
      ))}
    </section>
  )
}

function ToastBox({ toast, held }: { readonly toast: Toast; readonly held: boolean }) {
  const { id, kind, text, action, lasting = false } = toast
  const { icon: Icon, word } = kinds[kind]
  const duration = toast.duration ?? (kind === 'error' ? 10_000 : 6000)
  return (
    <div className={styles['toast']} data-kind={kind}>
      <Icon size={16} aria-hidden="true" />
      <p className={styles['text']} role={kind === 'error' || kind === 'warning' ? 'alert' : 'status'}>
        <span className="visually-hidden">{t(word)}: </span>
        {text}
      </p>
      {action !== undefined && (
        <Button size="small" onClick={action.onSelect}>
          {action.label}
        </Button>
      )}
      <IconButton size="small" label={t('frame.dismiss')} icon={<X />} onClick={() => dismissToast(id)} />
      {action !== undefined && !lasting && (
        <span
          aria-hidden="true"
          className={classNames(styles['time'], held && styles['held'])}
          style={{ animationDuration: `${duration}ms` }}
        />
      )}
    </div>
  )
}

/** F6 puts the focus on the newest message, and back to where it was; it goes back too when the last one is gone. */
function useWayThere(region: { readonly current: HTMLElement | null }, none: boolean): void {
  const before = useRef<Element | null>(null)
  useEffect(() => {
    const back = (): void => {
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus()
      before.current = null
    }
    const onKey = (event: KeyboardEvent): void => {
      const { current } = region
      const inside = current?.contains(document.activeElement) ?? false
      if (inside && event.key === 'Escape') {
        event.preventDefault()
        back()
      }
      if (event.key !== 'F6' || event.ctrlKey || event.altKey || current === null || none) return
      event.preventDefault()
      if (inside) return back()
      before.current = document.activeElement
      ;(current.querySelector<HTMLElement>(':scope > :last-child button') ?? current).focus()
    }
    if (none) back()
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [region, none])
}
