import type { Download } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { actions } from '../state/actions.ts'
import { setView } from '../state/address.ts'
import { openFolder } from '../state/open-folder.ts'
import { copyAndSay } from './copy.ts'
import { moveBy } from './move.ts'
import { bestDigest } from './row-view.ts'
import type { RowAction } from './row-view.ts'

/** What must be asked before it can be done. */
export interface Question {
  readonly kind: 'priority' | 'limit' | 'moveFile' | 'removeFile' | 'removeModel' | 'removeLibraries'
  readonly ids: readonly string[]
  /** Of the only one. */
  readonly download: Download | null
}

/** Does what was chosen in a row; `ask` shows a dialog. */
export function runAction(action: RowAction, download: Download, ask: (question: Question) => void): void {
  const ids = [download.id]
  switch (action) {
    case 'pause':
    case 'resume':
    case 'retry':
    case 'cancel':
      return void actions[action](ids)
    case 'remove':
      return void actions.remove(ids, { deleteFile: false })
    case 'redownload':
      return void actions.redownload(download.id)
    case 'details':
      return setView({ selected: download.id })
    case 'top':
    case 'bottom':
      return void actions.move(ids, action)
    case 'up':
      return void moveBy(download, -1)
    case 'down':
      return void moveBy(download, 1)
    case 'openFolder':
      return void openFolder(download.id)
    case 'copyLink':
      return void copyAndSay(download.url, t('list.linkCopied'))
    case 'copyDigest':
      return void copyAndSay(bestDigest(download.digests)?.[1] ?? '', t('list.digestCopied'))
    case 'priority':
    case 'limit':
    case 'moveFile':
    case 'removeFile':
    case 'removeModel':
    case 'removeLibraries':
      return ask({ kind: action, ids, download })
    default:
      action satisfies never
  }
}
