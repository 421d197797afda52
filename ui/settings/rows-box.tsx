import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { CircleAlert, Plus, Trash2 } from '../parts/icon.tsx'
import type { SettingField } from './form-model.ts'
import styles from './settings.module.css'
import { hintOf, titleOf } from './words.ts'

export interface RowsBoxProps {
  readonly field: SettingField
  readonly error: string | undefined
  /** Said when there are no rows. */
  readonly none: string
  /** Label of the button for a new row; without it none can be added here. */
  readonly add?: string
  readonly onAdd?: () => void
  readonly onRemove: (index: number) => void
  /** Focus left one row. */
  readonly onLeave: () => void
  readonly rows: ReadonlyArray<{ readonly name: string; readonly content: ReactNode }>
}

/** A list that is edited row by row. A new row gets the focus; removing one leaves it in the list. */
export function RowsBox({ field, error, none, add, onAdd, onRemove, onLeave, rows }: RowsBoxProps) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const isAdding = useRef(false)
  useEffect(() => {
    if (!isAdding.current) return
    isAdding.current = false
    box.current?.querySelector<HTMLElement>('li:last-child input')?.focus()
  }, [rows.length])
  return (
    <div
      ref={box}
      role="group"
      aria-labelledby={id}
      aria-describedby={`${id}hint`}
      tabIndex={-1}
      className={styles['rows']}
    >
      <p id={id} className={styles['name']}>
        {titleOf(field)}
      </p>
      <p id={`${id}hint`} className={styles['hint']}>
        {hintOf(field)}
      </p>
      {rows.length === 0 && <p className={styles['none']}>{none}</p>}
      {rows.length > 0 && (
        <ul className={styles['list']}>
          {rows.map(({ name, content }, i) => (
            <li
              key={i}
              className={styles['item']}
              onBlur={({ currentTarget, relatedTarget }) => {
                // To the box itself the focus goes from a row that is being removed.
                if (!currentTarget.contains(relatedTarget) && relatedTarget !== box.current) onLeave()
              }}
            >
              {content}
              <IconButton
                size="small"
                label={t('settings.removeRow', { name })}
                icon={<Trash2 />}
                onClick={() => {
                  onRemove(i)
                  box.current?.focus()
                }}
              />
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && (
        <p role="alert" className={styles['error']}>
          <CircleAlert size={14} aria-hidden="true" />
          {error}
        </p>
      )}
      {add !== undefined && (
        <Button
          size="small"
          icon={<Plus aria-hidden="true" />}
          className={styles['add']}
          onClick={() => {
            isAdding.current = true
            onAdd?.()
          }}
        >
          {add}
        </Button>
      )}
    </div>
  )
}
