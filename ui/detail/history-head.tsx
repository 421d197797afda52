import type { HistoryEntry } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { stateTones } from '../list/row-view.ts'
import { StateBadge } from '../list/state-badge.tsx'
import { Button, IconButton } from '../parts/button.tsx'
import { Download, Link } from '../parts/icon.tsx'
import { actions } from '../state/actions.ts'
import { setView } from '../state/address.ts'
import { copyAndTell } from './copy-button.tsx'
import styles from './detail.module.css'

/** How a download of the history ended, and the way to have it once more. */
export function HistoryHead({ entry }: { readonly entry: HistoryEntry }) {
  async function again(): Promise<void> {
    const id = await actions.redownload(entry.id)
    if (id !== null) setView({ selected: id })
  }
  return (
    <>
      <div className={styles['state']}>
        <StateBadge state={entry.status} tone={stateTones[entry.status]} />
        <IconButton
          size="small"
          label={t('detail.copyLink')}
          icon={<Link size={14} aria-hidden="true" />}
          onClick={() => void copyAndTell(entry.url)}
        />
      </div>
      <div className={styles['actions']}>
        <Button
          size="small"
          variant="primary"
          icon={<Download size={14} aria-hidden="true" />}
          onClick={() => void again()}
        >
          {t('detail.redownload')}
        </Button>
      </div>
    </>
  )
}
