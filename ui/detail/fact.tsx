import type { ReactNode } from 'react'
import { CopyButton } from './copy-button.tsx'
import styles from './facts.module.css'

export interface FactProps {
  readonly name: string
  readonly children: ReactNode
  /** What a button beside it copies. */
  readonly copy?: string
  /** Addresses, paths and digests: read from left to right in every language, and broken anywhere. */
  readonly code?: boolean
}

export function Fact({ name, children, copy, code = false }: FactProps) {
  return (
    <div className={styles['fact']}>
      <dt className={styles['name']}>{name}</dt>
      <dd className={styles['value']}>
        {code ? (
          <span className={styles['code']} dir="ltr">
            {children}
          </span>
        ) : (
          <span className={styles['text']}>{children}</span>
        )}
        {copy !== undefined && <CopyButton text={copy} name={name} />}
      </dd>
    </div>
  )
}
