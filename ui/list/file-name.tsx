import { splitName } from './middle-ellipsis.ts'
import styles from './row.module.css'

export interface FileNameProps {
  readonly name: string
  /** The row has the focus of the keyboard: a name that is cut is shown whole. */
  readonly isFocused: boolean
}

/** Names are written in their own direction, and lose their middle where there is no room. */
export function FileName({ name, isFocused }: FileNameProps) {
  const { head, tail } = splitName(name)
  return (
    <span className={styles['name']} title={name} dir="auto">
      <span className={styles['head']}>{head}</span>
      {tail !== '' && <span className={styles['tail']}>{tail}</span>}
      {isFocused && tail !== '' && (
        <span className={styles['whole']} aria-hidden="true">
          {name}
        </span>
      )}
    </span>
  )
}
