import type { MouseEvent } from 'react'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { EllipsisVertical, Pause, Play, RefreshCw, RotateCcw } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import type { RowAction } from './row-view.ts'
import styles from './row.module.css'

const looks: { readonly [A in RowAction]?: readonly [label: Key, icon: IconComponent] } = {
  pause: ['list.pauseNamed', Pause],
  resume: ['list.resumeNamed', Play],
  retry: ['list.retryNamed', RotateCcw],
  redownload: ['list.redownloadNamed', RefreshCw],
}

export interface RowButtonsProps {
  readonly name: string
  readonly primary: RowAction | null
  /** Tab leads to them. */
  readonly isReachable: boolean
  readonly run: (action: RowAction) => void
}

/** The one action that the state calls for, and the way to all others. */
export function RowButtons({ name, primary, isReachable, run }: RowButtonsProps) {
  const [label, Icon] = (primary && looks[primary]) ?? []
  const tabIndex = isReachable ? 0 : -1
  return (
    <span className={styles['buttons']}>
      {primary && label && Icon && (
        <IconButton
          label={t(label, { name })}
          icon={<Icon />}
          size="small"
          tabIndex={tabIndex}
          onClick={() => run(primary)}
        />
      )}
      <IconButton
        label={t('list.moreNamed', { name })}
        icon={<EllipsisVertical />}
        size="small"
        tabIndex={tabIndex}
        aria-haspopup="menu"
        onClick={openMenu}
      />
    </span>
  )
}

/** One context menu serves all rows; the button opens it where it stands itself. */
function openMenu({ currentTarget, detail }: MouseEvent<HTMLElement>): void {
  const { left, right, bottom } = currentTarget.getBoundingClientRect()
  const isRtl = getComputedStyle(currentTarget).direction === 'rtl'
  const at = { clientX: isRtl ? right : left, clientY: bottom }
  // As browsers send it: the menu key is a click of no button.
  const button = detail === 0 ? 0 : 2
  currentTarget.dispatchEvent(
    new globalThis.MouseEvent('contextmenu', { bubbles: true, cancelable: true, button, ...at }),
  )
}
