import { CircleAlert, CircleCheck, RefreshCw, ShieldCheck, TriangleAlert } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import styles from './installed.module.css'

/** What is known of something installed. */
export interface InstalledState {
  readonly kind: 'complete' | 'missing' | 'verifying' | 'verified' | 'damaged'
  readonly tone: 'quiet' | 'accent' | 'good' | 'danger'
  readonly words: string
}

const icons: Readonly<Record<InstalledState['kind'], IconComponent>> = {
  complete: CircleCheck,
  missing: TriangleAlert,
  verifying: RefreshCw,
  verified: ShieldCheck,
  damaged: CircleAlert,
}

const ranks: Readonly<Record<InstalledState['kind'], number>> = {
  damaged: 4,
  missing: 3,
  verifying: 2,
  complete: 1,
  verified: 0,
}

/** How much it needs somebody. */
export function trouble({ kind }: InstalledState): number {
  return ranks[kind]
}

/** Icon, word and colour, so that no one of them is needed alone. */
export function StateMark({ state: { kind, tone, words } }: { readonly state: InstalledState }) {
  const Icon = icons[kind]
  return (
    <span className={styles['state']} data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      {words}
    </span>
  )
}
