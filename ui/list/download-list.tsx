import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Download } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { isFiltered, setView } from '../state/address.ts'
import type { View } from '../state/address.ts'
import { useDownloadList } from '../state/lists.ts'
import { live, onDownloadEvent } from '../state/live.ts'
import { selection, useSelectionCount } from '../state/selection.ts'
import { BulkBar } from './bulk-bar.tsx'
import { bulkMain, bulkMore } from './bulk-items.tsx'
import { DownloadRow } from './download-row.tsx'
import { EmptyList, ListError } from './empty-list.tsx'
import type { GridSelection } from './grid-keys.ts'
import styles from './grid.module.css'
import { ListHead } from './list-head.tsx'
import { useListLayout } from './list-layout.ts'
import { ListMenu } from './list-menu.tsx'
import { useListShortcuts } from './list-shortcuts.ts'
import { moveBeside } from './move.ts'
import { newLink } from './new-link.ts'
import { idsOf, selectIds } from './select-ids.ts'
import { QuestionDialog } from './question-dialog.tsx'
import { SelectAll } from './select-all.tsx'
import { runAction } from './row-actions.ts'
import type { Question } from './row-actions.ts'
import { useRowDrag } from './row-drag.ts'
import { rowItems } from './row-items.tsx'
import { RowSkeleton } from './row-skeleton.tsx'
import { skeletonRows } from './skeleton-rows.ts'
import { VirtualGrid } from './virtual-grid.tsx'

const labels = { active: 'list.gridActive', queue: 'list.gridQueue', completed: 'list.gridCompleted' } as const

export type ListedTab = keyof typeof labels

/** The downloads of one tab, with everything that can be done with one or several of them. */
export function DownloadList({ tab, view }: { readonly tab: ListedTab; readonly view: View }) {
  const list = useDownloadList(view)
  const { area, layout, columns, height, headHeight } = useListLayout(tab)
  const [question, setQuestion] = useState<Question | null>(null)
  const isSelecting = useSelectionCount() > 0
  const canDrag = tab === 'queue' && view.sort === 'queue'
  const { total, idAt } = list

  const selectAll = useCallback(() => void selectIds(view), [view])
  useEffect(() => {
    if (tab === 'completed') return undefined
    // It goes to another tab, where nobody would see that it is still selected.
    return onDownloadEvent(({ type, download }) => {
      if (type === 'completed') selection.drop([download.id])
    })
  }, [tab])
  useListShortcuts(selectAll)
  const grid = useMemo(() => gridSelection(view, idAt, selectAll), [view, idAt, selectAll])
  const bulk = { isDone: tab === 'completed', ask: setQuestion, onSelectAll: selectAll }

  const drag = useRowDrag({
    height,
    total,
    onDrop(from, boundary) {
      const dragged = live.download(idAt(from) ?? '')
      const side = boundary < total ? 'before' : 'behind'
      const id = idAt(side === 'before' ? boundary : total - 1)
      if (dragged !== undefined && id !== undefined) void moveBeside(dragged, { id, side })
    },
  })

  const row = useCallback(
    (id: string, isFocused: boolean) => (
      <DownloadRow
        id={id}
        isFocused={isFocused}
        columns={columns}
        layout={layout}
        canDrag={canDrag}
        ask={setQuestion}
        onNewLink={askForLink}
      />
    ),
    [columns, layout, canDrag],
  )
  const skeleton = useMemo(() => <RowSkeleton columns={columns} layout={layout} />, [columns, layout])

  function itemsFor(id: string) {
    if (selection.has(id) && selection.count() > 1) return [...bulkMain(bulk), 'separator' as const, ...bulkMore(bulk)]
    const download = live.download(id)
    return download === undefined ? [] : rowItems(download, (action) => runAction(action, download, setQuestion))
  }

  const isEmpty = total === 0 && !list.loading
  return (
    <div ref={area} className={styles['wrap']}>
      {isEmpty && list.error === null && <EmptyList tab={tab} isFiltered={isFiltered(view)} />}
      {list.error !== null && total === 0 && <ListError error={list.error} onRetry={list.reload} />}
      {!isEmpty && (list.error === null || total > 0) && (
        <ListMenu
          itemsFor={itemsFor}
          {...(isSelecting ? { 'data-selecting': '' } : {})}
          onPointerDown={drag.onPointerDown}
        >
          <VirtualGrid
            label={t(labels[tab])}
            rows={total === 0 ? skeletonRows : list}
            height={height}
            headHeight={headHeight}
            head={
              layout === 'phone' ? null : (
                <ListHead
                  tab={tab}
                  sort={view.sort}
                  columns={columns}
                  lead={<SelectAll total={total} onSelectAll={selectAll} />}
                />
              )
            }
            columns={layout === 'phone' ? 4 : columns.length + 3}
            layout={layout}
            tab={tab}
            selection={grid}
            onOpen={openDetails}
            openId={view.selected}
            row={row}
            skeleton={skeleton}
            over={
              drag.boundary !== null && (
                <div className={styles['mark']} style={{ insetBlockStart: drag.boundary * height }} />
              )
            }
          />
        </ListMenu>
      )}
      <BulkBar {...bulk} />
      <QuestionDialog question={question} onClose={() => setQuestion(null)} />
    </div>
  )
}

function openDetails(selected: string): void {
  setView({ selected })
}

function askForLink({ url }: Download): void {
  newLink(url)
}

function gridSelection(view: View, idAt: (index: number) => string | undefined, everything: () => void): GridSelection {
  return {
    ...selection,
    everything,
    async between(first, last) {
      const loaded: string[] = []
      for (let index = first; index <= last; index++) {
        const id = idAt(index)
        if (id === undefined) return (await idsOf(view)).slice(first, last + 1)
        loaded.push(id)
      }
      return loaded
    },
  }
}
