import { t } from '../i18n/index.ts'
import { Checkbox } from '../parts/checks.tsx'
import { useSelected } from '../state/selection.ts'
import { Grip } from './grip.tsx'
import { KindIcon } from './kind-icon.tsx'
import styles from './row.module.css'

export interface RowLeadProps {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly isReachable: boolean
  readonly canDrag: boolean
}

/** The sort of file, and in its place on hover, on focus and once something is selected, the box that selects. */
export function RowLead({ id, name, type, isReachable, canDrag }: RowLeadProps) {
  const isSelected = useSelected(id)
  return (
    <div role="gridcell" className={styles['cell']} data-column="lead">
      {canDrag && <Grip />}
      <span className={styles['kind']}>
        <KindIcon type={type} />
      </span>
      <Checkbox
        className={styles['check'] ?? ''}
        label={t('list.selectNamed', { name })}
        hideLabel
        checked={isSelected}
        onChange={keptByGrid}
        tabIndex={isReachable ? 0 : -1}
      />
    </div>
  )
}

/** The grid hears the click itself: with Shift it selects a range. */
function keptByGrid(): void {
  // Nothing is to be done here.
}
