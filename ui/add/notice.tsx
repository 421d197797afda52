import type { ReactNode } from 'react'
import { CircleAlert, Info, TriangleAlert } from '../parts/icon.tsx'
import styles from './notice.module.css'

export interface NoticeProps {
  readonly tone: 'info' | 'warning' | 'danger'
  readonly text: ReactNode
  readonly hint?: string
  /** Said at once: the answer to something that the person just did. */
  readonly isAnswer?: boolean
  readonly children?: ReactNode
}

const icons = { info: Info, warning: TriangleAlert, danger: CircleAlert } as const

/** One sentence and what to do, below the field. */
export function Notice({ tone, text, hint = '', isAnswer = false, children }: NoticeProps) {
  const Icon = icons[tone]
  return (
    <div className={styles['notice']} data-tone={tone} {...(isAnswer ? { role: 'alert' } : {})}>
      <Icon size={16} aria-hidden="true" />
      <p className={styles['words']}>
        <span className={styles['text']} dir="auto">
          {text}
        </span>
        {hint !== '' && <span className={styles['hint']}> {hint}</span>}
      </p>
      {children !== undefined && <div className={styles['actions']}>{children}</div>}
    </div>
  )
}
