import { useEffect, useState } from 'react'
import { t } from '../i18n/index.ts'
import { Link } from '../parts/icon.tsx'
import { currentView, setView } from '../state/address.ts'
import { announce } from '../state/toasts.ts'
import { currentDraft, putLines } from './draft.ts'
import styles from './drop-and-paste.module.css'
import { createDropWatch } from './drop-watch.ts'
import { recognise } from './recognise.ts'
import { isTyping, linesOfTransfer } from './transfer.ts'

/** Takes links, texts and lists that are dropped anywhere on the page, or pasted where nothing is typed. */
export function DropAndPaste() {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const stop = new AbortController()
    createDropWatch(window, stop.signal, {
      over: setOver,
      dropped: (transfer) => void take(transfer),
    })
    document.addEventListener(
      'paste',
      (event) => {
        if (event.defaultPrevented || event.clipboardData === null || isTyping(event.target)) return
        event.preventDefault()
        void take(event.clipboardData)
      },
      { signal: stop.signal },
    )
    async function take(transfer: DataTransfer): Promise<void> {
      const lines = await linesOfTransfer(transfer)
      if (lines !== '' && !stop.signal.aborted) takeLines(lines)
    }
    return () => stop.abort()
  }, [])
  if (!isOver) return null
  return (
    <div className={styles['cover']} aria-hidden="true">
      <div className={styles['words']}>
        <Link size={24} />
        <p className={styles['title']}>{t('add.drop')}</p>
        <p>{t('add.dropHint')}</p>
      </div>
    </div>
  )
}

function takeLines(lines: string): void {
  putLines(lines)
  if (currentView().page !== 'downloads') setView({ page: 'downloads' })
  const found = recognise(currentDraft().text)
  announce(found.kind === 'list' ? t('add.dropped', { count: found.items.length }) : t('add.droppedText'))
}
