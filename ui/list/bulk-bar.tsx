import { useEffect } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { ChevronDown, X } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import { selection, useSelectionCount } from '../state/selection.ts'
import styles from './bulk-bar.module.css'
import { bulkMain, bulkMore } from './bulk-items.tsx'
import type { BulkContext } from './bulk-items.tsx'

/** What can be done with all that is selected; there only while something is. */
export function BulkBar(context: BulkContext) {
  const count = useSelectionCount()
  // What is selected in one tab must not be acted upon in another, where it is not seen.
  useEffect(() => () => selection.clear(), [])
  if (count === 0) return null
  return (
    <div role="toolbar" aria-label={t('list.bulkActions')} className={styles['bar']}>
      <span className={styles['count']}>{t('list.selected', { count })}</span>
      {bulkMain(context).map(
        (item) =>
          item !== 'separator' && (
            <Button key={item.label} size="small" variant="plain" icon={item.icon} onClick={item.onSelect}>
              {item.label}
            </Button>
          ),
      )}
      <Menu
        trigger={
          <Button size="small" variant="plain" icon={<ChevronDown />}>
            {t('common.more')}
          </Button>
        }
        items={bulkMore(context)}
      />
      <span className={styles['end']}>
        <IconButton
          size="small"
          label={t('list.clearSelection')}
          icon={<X />}
          shortcut="Esc"
          onClick={() => selection.clear()}
        />
      </span>
    </div>
  )
}
