import { actions } from '../state/actions.ts'
import { live } from '../state/live.ts'
import { selection } from '../state/selection.ts'
import { useShortcut } from '../state/shortcuts.ts'

/** Shortcuts that act on the selection, or on the row with the focus where nothing is selected. */
export function useListShortcuts(onSelectAll: () => void): void {
  useShortcut('selectAll', onSelectAll)
  useShortcut('remove', () => {
    const ids = targets()
    if (ids.length === 0) return false
    selection.clear()
    void actions.remove(ids, { deleteFile: false })
    return undefined
  })
  useShortcut('pauseResume', () => {
    const ids = targets()
    if (ids.length === 0) return false
    const withStatus = (...wanted: readonly string[]): string[] =>
      ids.filter((id) => wanted.includes(live.download(id)?.status ?? ''))
    const running = withStatus('active', 'queued')
    if (running.length > 0) void actions.pause(running)
    else void actions.resume(withStatus('paused'))
    return undefined
  })
  useShortcut('escape', () => {
    if (selection.count() === 0) return false
    selection.clear()
    return undefined
  })
  useShortcut('up', intoGrid)
  useShortcut('down', intoGrid)
}

/** The history is not selected from: they act on the row with the focus. */
export function useHistoryShortcuts(): void {
  useShortcut('remove', () => {
    const id = focusedRow()
    if (id === undefined) return false
    void actions.removeHistory(id)
    return undefined
  })
  useShortcut('up', intoGrid)
  useShortcut('down', intoGrid)
}

function targets(): string[] {
  const chosen = selection.ids()
  if (chosen.length > 0) return chosen
  const row = focusedRow()
  return row === undefined ? [] : [row]
}

function focusedRow(): string | undefined {
  return document.activeElement?.closest<HTMLElement>('[role="row"][data-id]')?.dataset['id']
}

/** Arrows lead into the list from where nothing has the focus. */
function intoGrid(): undefined | false {
  const row = document.querySelector<HTMLElement>('[role="grid"] [role="row"][tabindex="0"]')
  if (row === null || document.activeElement?.closest('[role="grid"]')) return false
  row.focus()
  return undefined
}
