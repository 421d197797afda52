import { t } from '../i18n/index.ts'
import {
  ArrowDownToLine,
  ArrowUpToLine,
  Ban,
  FileDown,
  Gauge,
  ListOrdered,
  Pause,
  Play,
  RotateCcw,
  Trash2,
  X,
} from '../parts/icon.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { actions } from '../state/actions.ts'
import { live } from '../state/live.ts'
import { selection } from '../state/selection.ts'
import { exportLinks } from './export.ts'
import type { Question } from './row-actions.ts'

export interface BulkContext {
  readonly isDone: boolean
  readonly ask: (question: Question) => void
  readonly onSelectAll: () => void
}

/** What can be done with all that is selected at once, most used first. */
export function bulkMain({ isDone }: BulkContext): MenuItem[] {
  const { ids } = selection
  const canRetry = !isDone || ids().some((id) => live.known(id)?.status !== 'completed')
  const running: readonly MenuItem[] = [
    { label: t('common.pause'), icon: <Pause />, onSelect: () => void actions.pause(ids()) },
    { label: t('common.resume'), icon: <Play />, onSelect: () => void actions.resume(ids()) },
  ]
  return [
    ...(isDone ? [] : running),
    ...(canRetry ? [{ label: t('common.retry'), icon: <RotateCcw />, onSelect: () => void actions.retry(ids()) }] : []),
    ...(isDone ? [] : [{ label: t('common.cancel'), icon: <Ban />, onSelect: takeAway(actions.cancel) }]),
    { label: t('common.remove'), icon: <X />, onSelect: takeAway(actions.remove) },
  ]
}

/** They leave the tab, so that nobody would see what the next action is for. */
function takeAway(action: (ids: readonly string[]) => Promise<void>): () => void {
  return () => {
    void action(selection.ids())
    selection.clear()
  }
}

export function bulkMore({ isDone, ask, onSelectAll }: BulkContext): MenuItem[] {
  const { ids } = selection
  const question = (kind: Question['kind']) => (): void => ask({ kind, ids: ids(), download: null })
  const order: readonly MenuItem[] = [
    { label: t('list.moveTop'), icon: <ArrowUpToLine />, onSelect: () => void actions.move(ids(), 'top') },
    { label: t('list.moveBottom'), icon: <ArrowDownToLine />, onSelect: () => void actions.move(ids(), 'bottom') },
    { label: t('list.setPriority'), icon: <ListOrdered />, onSelect: question('priority') },
    { label: t('list.setLimit'), icon: <Gauge />, onSelect: question('limit') },
    'separator',
  ]
  const files: readonly MenuItem[] = [
    'separator',
    { label: t('list.removeFile'), icon: <Trash2 />, danger: true, onSelect: question('removeFile') },
  ]
  return [
    ...(isDone ? [] : order),
    { label: t('list.exportLinksText'), icon: <FileDown />, onSelect: () => void exportLinks(ids(), 'text') },
    { label: t('list.exportLinksJson'), icon: <FileDown />, onSelect: () => void exportLinks(ids(), 'json') },
    'separator',
    { label: t('list.selectAll'), shortcut: 'A', onSelect: onSelectAll },
    ...(isDone ? files : []),
  ]
}
