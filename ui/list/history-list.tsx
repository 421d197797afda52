import { useCallback, useMemo } from 'react'
import { t } from '../i18n/index.ts'
import { isFiltered, setView } from '../state/address.ts'
import type { View } from '../state/address.ts'
import { useHistoryList } from '../state/lists.ts'
import { EmptyList, ListError } from './empty-list.tsx'
import styles from './grid.module.css'
import { historyItems } from './history-items.tsx'
import { HistoryRow } from './history-row.tsx'
import { ListHead } from './list-head.tsx'
import { useListLayout } from './list-layout.ts'
import { ListMenu } from './list-menu.tsx'
import { useHistoryShortcuts } from './list-shortcuts.ts'
import { RowSkeleton } from './row-skeleton.tsx'
import { skeletonRows } from './skeleton-rows.ts'
import { VirtualGrid } from './virtual-grid.tsx'

/** Everything that ended, also what is no longer listed. */
export function HistoryList({ view }: { readonly view: View }) {
  const list = useHistoryList(view)
  const { area, layout, columns, height, headHeight } = useListLayout('history')
  const { total, entryAt, ensure } = list
  useHistoryShortcuts()
  const rows = useMemo(() => ({ total, ensure, idAt: (index: number) => entryAt(index)?.id }), [total, ensure, entryAt])
  const row = useCallback(
    (_: string, isFocused: boolean, index: number) => (
      <HistoryRow entry={entryAt(index)} isFocused={isFocused} columns={columns} layout={layout} />
    ),
    [entryAt, columns, layout],
  )
  const skeleton = useMemo(() => <RowSkeleton columns={columns} layout={layout} />, [columns, layout])

  function itemsFor(id: string) {
    for (let index = 0; index < total; index++) {
      const entry = entryAt(index)
      if (entry?.id === id) return historyItems(entry)
    }
    return []
  }

  const isEmpty = total === 0 && !list.loading
  return (
    <div ref={area} className={styles['wrap']}>
      {isEmpty && list.error === null && <EmptyList tab="history" isFiltered={isFiltered(view)} />}
      {list.error !== null && total === 0 && <ListError error={list.error} onRetry={list.reload} />}
      {!isEmpty && (list.error === null || total > 0) && (
        <ListMenu itemsFor={itemsFor}>
          <VirtualGrid
            label={t('list.gridHistory')}
            rows={total === 0 ? skeletonRows : rows}
            isExact={list.totalIsExact}
            height={height}
            headHeight={headHeight}
            head={layout === 'phone' ? null : <ListHead tab="history" sort={view.sort} columns={columns} />}
            columns={layout === 'phone' ? 4 : columns.length + 3}
            layout={layout}
            tab="history"
            selection={null}
            onOpen={openDetails}
            openId={view.selected}
            row={row}
            skeleton={skeleton}
          />
        </ListMenu>
      )}
    </div>
  )
}

function openDetails(selected: string): void {
  setView({ selected })
}
