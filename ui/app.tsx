import { CSPProvider } from '@base-ui/react/csp-provider'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import type { ReactNode } from 'react'
import { AddAnywhere } from './add/add-anywhere.tsx'
import { AddBar } from './add/add-bar.tsx'
import { Frame } from './frame/frame.tsx'
import { t, useLanguage } from './i18n/index.ts'
import { DownloadsPage } from './list/downloads-page.tsx'
import { ErrorBoundary } from './parts/error-boundary.tsx'
import { later } from './parts/later.tsx'
import { PageSkeleton } from './parts/page-skeleton.tsx'
import { TooltipLayer } from './parts/tooltip-layer.tsx'
import { useView } from './state/address.ts'
import type { Page } from './state/address.ts'

// What the first look does not need comes later.
const skeleton = () => <PageSkeleton label={t('common.loading')} />
const DetailPanel = later(async () => (await import('./detail/detail-panel.tsx')).DetailPanel)
const LibrariesPage = later(async () => (await import('./frame/libraries-page.tsx')).LibrariesPage, skeleton)
const SettingsPage = later(async () => (await import('./settings/settings-page.tsx')).SettingsPage, skeleton)
const StatisticsPage = later(async () => (await import('./statistics/statistics-page.tsx')).StatisticsPage, skeleton)

const pages: Readonly<Record<Page, () => ReactNode>> = {
  downloads: () => <DownloadsPage />,
  libraries: () => <LibrariesPage />,
  settings: () => <SettingsPage />,
  statistics: () => <StatisticsPage />,
}

/** Mounted anew in another language: no text of the old one stays behind. */
export function App() {
  const { language, direction } = useLanguage()
  return (
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={direction}>
        <ErrorBoundary key={language}>
          <Whole />
        </ErrorBoundary>
        <TooltipLayer />
      </DirectionProvider>
    </CSPProvider>
  )
}

function Whole() {
  const [{ page, selected }, setView] = useView()
  const details =
    selected === null ? null : (
      <ErrorBoundary>
        <DetailPanel id={selected} onClose={() => setView({ selected: null })} />
      </ErrorBoundary>
    )
  return (
    <Frame add={page === 'downloads' ? <AddBar /> : undefined} detail={details}>
      {page !== 'downloads' && <AddAnywhere />}
      <ErrorBoundary key={page}>{pages[page]()}</ErrorBoundary>
    </Frame>
  )
}
