import { CircleAlert, CircleCheck, RefreshCw, ShieldCheck, TriangleAlert } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import type { ModelState } from './model-state.ts'
import styles from './models.module.css'

const icons: Readonly<Record<ModelState['kind'], IconComponent>> = {
  complete: CircleCheck,
  missing: TriangleAlert,
  verifying: RefreshCw,
  verified: ShieldCheck,
  damaged: CircleAlert,
}

/** Icon, word and colour, so that no one of them is needed alone. */
export function StateMark({ state: { kind, tone, words } }: { readonly state: ModelState }) {
  const Icon = icons[kind]
  return (
    <span className={styles['state']} data-tone={tone}>
      <Icon size={14} aria-hidden="true" />
      {words}
    </span>
  )
}
