import { t } from '../i18n/index.ts'
import { ArrowDownToLine, Ban, CircleAlert, CircleCheck, Clock, Pause, Search, TriangleAlert } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { statusName } from '../state/texts.ts'
import type { RowState, Tone } from './row-view.ts'
import styles from './row.module.css'

const icons: Readonly<Record<RowState, IconComponent>> = {
  created: Clock,
  validating: Search,
  queued: Clock,
  active: ArrowDownToLine,
  paused: Pause,
  completed: CircleCheck,
  error: CircleAlert,
  cancelled: Ban,
  missing: TriangleAlert,
}

export interface StateBadgeProps {
  readonly state: RowState
  readonly tone: Tone
  /** With little room the word is left to screen readers: speed and time left say the same. */
  readonly isShort?: boolean
}

/** Icon, word and colour, so that no one of them is needed alone. */
export function StateBadge({ state, tone, isShort = false }: StateBadgeProps) {
  const Icon = icons[state]
  return (
    <span className={styles['state']} data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      <span className={styles[isShort ? 'brief' : 'word']}>
        {state === 'missing' ? t('list.stateMissing') : statusName(state)}
      </span>
    </span>
  )
}
