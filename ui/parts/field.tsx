import { createContext, use, useId } from 'react'
import type { ReactNode } from 'react'
import { CircleAlert } from './icon.tsx'
import styles from './field.module.css'

interface FieldIds {
  readonly id: string
  readonly describedBy: string | undefined
  readonly invalid: boolean
}

const FieldContext = createContext<FieldIds | undefined>(undefined)

/** What ties a control to the label, hint and error of the Field around it. */
export function useFieldProps(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const ids = use(FieldContext)
  if (ids === undefined) return {}
  return {
    id: ids.id,
    ...(ids.describedBy === undefined ? {} : { 'aria-describedby': ids.describedBy }),
    ...(ids.invalid ? { 'aria-invalid': true } : {}),
  }
}

export interface FieldProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** What is wrong and what would be right. */
  readonly error?: string | undefined
  /** One control of this folder. */
  readonly children: ReactNode
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const hintId = hint === undefined ? undefined : `${id}hint`
  const errorId = error === undefined ? undefined : `${id}error`
  const describedBy = [errorId, hintId].filter((one) => one !== undefined).join(' ')
  const ids = { id, describedBy: describedBy === '' ? undefined : describedBy, invalid: error !== undefined }
  return (
    <div className={styles['field']}>
      <label className={styles['label']} htmlFor={id}>
        {label}
      </label>
      <FieldContext value={ids}>{children}</FieldContext>
      {error !== undefined && (
        <p className={styles['error']} id={errorId} role="alert">
          <CircleAlert size={14} aria-hidden="true" />
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p className={styles['hint']} id={hintId}>
          {hint}
        </p>
      )}
    </div>
  )
}
