import { useEffect, useRef, useState } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { EllipsisVertical, FileDown, Pause, Play, Search } from '../parts/icon.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { Menu } from '../parts/menu.tsx'
import { actions } from '../state/actions.ts'
import { isFiltered, noFilters, useView } from '../state/address.ts'
import { useCountOf } from '../state/live.ts'
import { useShortcut } from '../state/shortcuts.ts'
import { exportHistory, exportQueue } from './export.ts'
import { FilterPopover } from './filter-popover.tsx'
import styles from './filter-row.module.css'
import { SortControl } from './sort-control.tsx'

/** Narrows and orders what the tab shows, and what can be done with all of it. */
export function FilterRow() {
  const [view, setView] = useView()
  return (
    <div className={styles['row']}>
      <SearchField />
      <FilterPopover />
      {isFiltered(view) && (
        <Button size="small" variant="plain" onClick={() => setView(noFilters)} className={styles['clear'] ?? ''}>
          {t('list.clearFilters')}
        </Button>
      )}
      <span className={styles['sort']}>
        <SortControl hideLabel />
      </span>
      <span className={styles['end']}>
        {view.tab === 'history' ? (
          <>
            <Button
              size="small"
              icon={<FileDown aria-hidden="true" />}
              aria-label={t('list.exportCsvHistory')}
              onClick={() => void exportHistory(view, 'csv')}
            >
              CSV
            </Button>
            <Button
              size="small"
              icon={<FileDown aria-hidden="true" />}
              aria-label={t('list.exportJsonHistory')}
              onClick={() => void exportHistory(view, 'json')}
            >
              JSON
            </Button>
          </>
        ) : (
          <ListActions />
        )}
      </span>
    </div>
  )
}

const pausable = ['active', 'queued'] as const
const resumable = ['paused'] as const

function ListActions() {
  const running = useCountOf(pausable)
  const paused = useCountOf(resumable)
  return (
    <>
      <Button
        size="small"
        icon={<Pause aria-hidden="true" />}
        aria-label={t('common.pauseAll')}
        disabled={running === 0}
        onClick={() => void actions.pauseAll()}
      >
        <span className={styles['word']}>{t('common.pauseAll')}</span>
      </Button>
      <Button
        size="small"
        icon={<Play aria-hidden="true" />}
        aria-label={t('common.resumeAll')}
        disabled={paused === 0}
        onClick={() => void actions.resumeAll()}
      >
        <span className={styles['word']}>{t('common.resumeAll')}</span>
      </Button>
      <Menu
        trigger={<IconButton size="small" label={t('list.moreList')} icon={<EllipsisVertical />} />}
        items={[
          { label: t('list.exportText'), icon: <FileDown />, onSelect: () => void exportQueue('text') },
          { label: t('list.exportJson'), icon: <FileDown />, onSelect: () => void exportQueue('json') },
        ]}
      />
    </>
  )
}

const rest = 150

/** Searches while one types; what stands in the address wins when it changes by itself. */
function SearchField() {
  const [{ search }, setView] = useView()
  const [text, setText] = useState(search)
  const sent = useRef(search)
  const field = useRef<HTMLInputElement>(null)
  useShortcut('search', () => field.current?.focus())
  useEffect(() => {
    if (search === sent.current) return
    sent.current = search
    setText(search)
  }, [search])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      setView({ search: text })
    }, rest)
    return () => clearTimeout(timer)
  }, [text, setView])
  return (
    <span className={styles['search']}>
      <Search size={14} aria-hidden="true" />
      <TextInput
        ref={field}
        type="search"
        aria-label={t('common.search')}
        placeholder={t('list.searchHint')}
        value={text}
        maxLength={500}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  )
}
