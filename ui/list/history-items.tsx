import type { HistoryEntry } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Link, RefreshCw, ShieldCheck, X } from '../parts/icon.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { actions } from '../state/actions.ts'
import { copyAndSay } from './copy.ts'
import { bestDigest } from './row-view.ts'

/** The menu of one entry of the history. */
export function historyItems(entry: HistoryEntry): MenuItem[] {
  const digest = bestDigest(entry.digests)
  return [
    { label: t('list.redownload'), icon: <RefreshCw />, onSelect: () => void actions.redownload(entry.id) },
    'separator',
    { label: t('list.copyLink'), icon: <Link />, onSelect: () => void copyAndSay(entry.url, t('list.linkCopied')) },
    ...(digest === null
      ? []
      : [
          {
            label: t('list.copyDigest'),
            icon: <ShieldCheck />,
            onSelect: () => void copyAndSay(digest[1], t('list.digestCopied')),
          },
        ]),
    'separator',
    { label: t('common.remove'), icon: <X />, shortcut: 'D', onSelect: () => void actions.removeHistory(entry.id) },
  ]
}
