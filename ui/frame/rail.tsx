import { useState } from 'react'
import type { MouseEvent } from 'react'
import { t } from '../i18n/index.ts'
import { Box, ChartColumn, Download, Settings } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { hrefOf, setView, useView } from '../state/address.ts'
import type { Page, View } from '../state/address.ts'
import { AppearanceMenu } from './appearance-menu.tsx'
import { pageNames } from './page-links.ts'
import styles from './rail.module.css'
import { RailStatus } from './rail-status.tsx'

const icons: Readonly<Record<Page, IconComponent>> = {
  downloads: Download,
  libraries: Box,
  statistics: ChartColumn,
  settings: Settings,
}

/** At the inline start of wide windows, at the lower edge of phones. */
export function Rail() {
  // Back among the downloads one finds the tab and the filters that one left.
  const [view] = useView()
  const { page } = view
  const [downloads, setDownloads] = useState<View | null>(null)
  if (page === 'downloads' && downloads !== view) setDownloads(view)
  return (
    <div className={styles['rail']}>
      <nav aria-label={t('frame.navigation')}>
        <ul className={styles['links']}>
          {(Object.keys(icons) as Page[]).map((one) => (
            <li key={one}>
              <RailLink to={one} current={one === page} downloads={downloads} />
            </li>
          ))}
        </ul>
      </nav>
      <section className={styles['foot']} aria-label={t('frame.status')}>
        <RailStatus />
        <AppearanceMenu />
      </section>
    </div>
  )
}

interface RailLinkProps {
  readonly to: Page
  readonly current: boolean
  readonly downloads: View | null
}

function RailLink({ to, current, downloads }: RailLinkProps) {
  const Icon = icons[to]
  const change = to === 'downloads' && downloads !== null && !current ? downloads : { page: to }
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    setView(change)
  }
  return (
    <a
      className={styles['link']}
      href={hrefOf(change)}
      onClick={follow}
      {...(current ? { 'aria-current': 'page' as const } : {})}
    >
      <Icon size={18} aria-hidden="true" />
      {to === 'libraries' ? (
        <>
          <span className={styles['long']}>{t('frame.libraries')}</span>
          <span className={styles['short']}>{t('frame.librariesShort')}</span>
        </>
      ) : (
        <span>{t(pageNames[to])}</span>
      )}
    </a>
  )
}
