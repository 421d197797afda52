import { t } from '../i18n/index.ts'
import { Checkbox } from '../parts/checks.tsx'
import { selection, useSelectionCount } from '../state/selection.ts'
import styles from './grid.module.css'

/** Selects everything the view holds, also what is not loaded, or nothing. */
export function SelectAll({ total, onSelectAll }: { readonly total: number; readonly onSelectAll: () => void }) {
  const count = useSelectionCount()
  return (
    <Checkbox
      className={styles['select-all'] ?? ''}
      label={t('list.selectAll')}
      hideLabel
      checked={count === 0 ? false : count >= total ? true : null}
      onChange={() => (count === 0 ? onSelectAll() : selection.clear())}
    />
  )
}
