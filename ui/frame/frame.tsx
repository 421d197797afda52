import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { classNames } from '../parts/class-names.ts'
import { useConnection } from '../state/live.ts'
import { useView } from '../state/address.ts'
import type { Page } from '../state/address.ts'
import { Announcer } from './announcer.tsx'
import { useAppearance } from './appearance.ts'
import { BannerSlot } from './banner-slot.tsx'
import { useDownloadNews } from './download-news.ts'
import { useFocusGuard } from './focus-guard.ts'
import styles from './frame.module.css'
import { HelpDialog } from './help-dialog.tsx'
import { pageNames } from './page-links.ts'
import { usePageShortcuts } from './page-shortcuts.ts'
import { Rail } from './rail.tsx'
import { ToastRegion } from './toast-region.tsx'
import { TokenDialog } from './token-dialog.tsx'

export interface FrameProps {
  /** On top of the main column. */
  readonly add?: ReactNode
  /** Beside the content at the inline end. */
  readonly detail?: ReactNode
  /** The page. It has no h1 of its own: the frame gives one. */
  readonly children: ReactNode
}

/** What stands around every page: where one is, how the daemon is, and what it has to say. */
export function Frame({ add, detail, children }: FrameProps) {
  const [{ page }] = useView()
  const connection = useConnection()
  const main = useRef<HTMLElement>(null)
  useAppearance()
  useDownloadNews()
  useFocusGuard()
  usePageShortcuts()
  useFocusOnNewPage(page, main)
  return (
    <>
      <a
        className={classNames('visually-hidden', styles['skip'])}
        href="#content"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {t('frame.skip')}
      </a>
      <div className={styles['frame']}>
        <Rail />
        <div className={styles['column']}>
          <BannerSlot />
          <div className={styles['beside']} data-stale={connection === 'offline' || undefined}>
            <main ref={main} id="content" tabIndex={-1} className={styles['main']} data-page={page}>
              {add !== undefined && <div className={styles['add']}>{add}</div>}
              <h1 className={page === 'downloads' ? 'visually-hidden' : styles['title']}>{t(pageNames[page])}</h1>
              <div className={styles['content']}>{children}</div>
            </main>
            {detail}
          </div>
        </div>
      </div>
      <ToastRegion />
      <Announcer />
      <TokenDialog />
      <HelpDialog />
    </>
  )
}

/** Whoever hears the page is told where a link led; the first page keeps the focus where the browser puts it. */
function useFocusOnNewPage(page: Page, main: { readonly current: HTMLElement | null }): void {
  const before = useRef(page)
  useEffect(() => {
    if (before.current === page) return
    before.current = page
    // What led here may have put the focus where it is wanted: a link that was pasted, the search.
    if (main.current?.contains(document.activeElement) === true) return
    main.current?.focus({ preventScroll: true })
  }, [page, main])
}
