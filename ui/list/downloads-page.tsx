import { useView } from '../state/address.ts'
import { DownloadList } from './download-list.tsx'
import { FilterRow } from './filter-row.tsx'
import { HistoryList } from './history-list.tsx'
import { ListTabs, panelId, tabId } from './list-tabs.tsx'
import styles from './downloads-page.module.css'

/** The four tabs, what narrows them, and the list. */
export function DownloadsPage() {
  const [view] = useView()
  const { tab } = view
  return (
    <div className={styles['page']}>
      <ListTabs />
      <div id={panelId} role="tabpanel" aria-labelledby={tabId(tab)} className={styles['panel']}>
        <FilterRow key={`filters ${tab}`} />
        {tab === 'history' ? <HistoryList view={view} /> : <DownloadList key={tab} tab={tab} view={view} />}
      </div>
    </div>
  )
}
