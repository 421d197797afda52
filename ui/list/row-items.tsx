import type { Download } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import {
  ArrowDown,
  ArrowDownToLine,
  ArrowUp,
  ArrowUpToLine,
  Ban,
  FolderInput,
  FolderOpen,
  Gauge,
  Info,
  Link,
  ListOrdered,
  Pause,
  Play,
  RefreshCw,
  RotateCcw,
  ShieldCheck,
  Trash2,
  X,
} from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { canOpenFolders } from '../state/open-folder.ts'
import { rowMenu } from './row-view.ts'
import type { RowAction } from './row-view.ts'

const dangers: ReadonlySet<RowAction> = new Set(['removeFile', 'removeModel', 'removeLibraries'])

const looks: Readonly<Record<RowAction, readonly [label: Key, icon: IconComponent, shortcut?: string]>> = {
  pause: ['common.pause', Pause, 'P'],
  resume: ['common.resume', Play, 'P'],
  retry: ['common.retry', RotateCcw],
  redownload: ['list.redownload', RefreshCw],
  details: ['list.details', Info, 'Enter'],
  top: ['list.moveTop', ArrowUpToLine],
  up: ['list.moveUp', ArrowUp],
  down: ['list.moveDown', ArrowDown],
  bottom: ['list.moveBottom', ArrowDownToLine],
  priority: ['list.setPriority', ListOrdered],
  limit: ['list.setLimit', Gauge],
  openFolder: ['list.openFolder', FolderOpen],
  moveFile: ['list.moveFile', FolderInput],
  copyLink: ['list.copyLink', Link],
  copyDigest: ['list.copyDigest', ShieldCheck],
  cancel: ['common.cancel', Ban],
  remove: ['common.remove', X, 'D'],
  removeFile: ['list.removeFile', Trash2],
  removeModel: ['list.removeModel', Trash2],
  removeLibraries: ['list.removeLibraries', Trash2],
}

/** The menu of one download. */
export function rowItems(download: Download, run: (action: RowAction) => void): MenuItem[] {
  return rowMenu(download, canOpenFolders()).map((action) => {
    if (action === null) return 'separator'
    const [label, Icon, shortcut] = looks[action]
    return {
      label: t(label),
      icon: <Icon aria-hidden="true" />,
      ...(shortcut === undefined ? {} : { shortcut }),
      ...(dangers.has(action) ? { danger: true } : {}),
      onSelect: () => run(action),
    }
  })
}
