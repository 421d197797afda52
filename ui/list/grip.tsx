import { GripVertical } from 'lucide-react'
import styles from './row.module.css'

/** Where a pointer takes a row to drag it. The menu of the row does the same for the keyboard. */
export function Grip() {
  return (
    <span className={styles['grip']} data-grip="" aria-hidden="true">
      <GripVertical size={14} />
    </span>
  )
}
