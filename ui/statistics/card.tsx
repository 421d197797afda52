import { useId } from 'react'
import type { ReactNode } from 'react'
import styles from './statistics.module.css'

export interface CardProps {
  readonly title: string
  /** One line under the title. */
  readonly note?: string
  /** Beside the title. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

/** A part of the page with its name. */
export function Card({ title, note, action, children }: CardProps) {
  const id = useId()
  return (
    <section className={styles['card']} aria-labelledby={id}>
      <div className={styles['head']}>
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p className={styles['note']}>{note}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}
