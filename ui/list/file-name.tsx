import { MiddleText } from '../parts/middle-text.tsx'
import styles from './row.module.css'

export interface FileNameProps {
  readonly name: string
  /** The row has the focus of the keyboard: a name that is cut is shown whole. */
  readonly isFocused: boolean
}

export function FileName({ name, isFocused }: FileNameProps) {
  const whole = isFocused && (
    <span dir="auto" className={styles['whole']} aria-hidden="true">
      {name}
    </span>
  )
  return <MiddleText text={name} className={styles['name']} whenCut={whole} />
}
