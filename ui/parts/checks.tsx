import { useEffect, useRef } from 'react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import styles from './checks.module.css'
import { useFieldProps } from './field.tsx'

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'checked' | 'onChange' | 'type' | 'ref'> {
  readonly label: ReactNode
  /** The label is only the accessible name. */
  readonly hideLabel?: boolean
  /** Null: some of what it stands for. */
  readonly checked: boolean | null
  readonly onChange: (checked: boolean) => void
}

export function Checkbox({ label, hideLabel = false, checked, onChange, className, ...rest }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = checked === null
  }, [checked])
  return (
    <label className={classNames(styles['check'], className)}>
      <input
        ref={box}
        type="checkbox"
        className={styles['box']}
        checked={checked === true}
        onChange={({ target }) => onChange(target.checked)}
        {...useFieldProps()}
        {...rest}
      />
      <span className={hideLabel ? 'visually-hidden' : undefined}>{label}</span>
    </label>
  )
}

export interface SwitchProps extends Omit<ComponentProps<'input'>, 'checked' | 'onChange' | 'type' | 'role'> {
  readonly label: ReactNode
  readonly hideLabel?: boolean
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

/** On or off, at once. */
export function Switch({ label, hideLabel = false, checked, onChange, className, ...rest }: SwitchProps) {
  return (
    <label className={classNames(styles['check'], className)}>
      <input
        type="checkbox"
        // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox says itself whether it is on
        role="switch"
        className={styles['switch']}
        checked={checked}
        onChange={({ target }) => onChange(target.checked)}
        {...useFieldProps()}
        {...rest}
      />
      <span className={hideLabel ? 'visually-hidden' : undefined}>{label}</span>
    </label>
  )
}
