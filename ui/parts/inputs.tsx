import type { ComponentProps } from 'react'
import { classNames } from './class-names.ts'
import { useFieldProps } from './field.tsx'
import styles from './field.module.css'
import { ChevronDown } from './icon.tsx'

/** Give it a Field around it, or an `aria-label`. */
export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      className={classNames(styles['input'], className)}
      {...useFieldProps()}
      {...rest}
    />
  )
}

export function TextArea({ className, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      spellCheck={false}
      className={classNames(styles['input'], styles['area'], className)}
      {...useFieldProps()}
      {...rest}
    />
  )
}

export interface NumberInputProps extends Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> {
  readonly value: number | null
  /** Null while the field is empty. Limits are the caller's to check: a person types through values out of them. */
  readonly onChange: (value: number | null) => void
  /** Behind the field: 's', 'KiB/s'. */
  readonly unit?: string
}

export function NumberInput({ value, onChange, unit, className, ...rest }: NumberInputProps) {
  return (
    <span className={styles['number']}>
      <input
        type="number"
        inputMode="decimal"
        autoComplete="off"
        className={classNames(styles['input'], className)}
        value={value ?? ''}
        onChange={({ target }) => onChange(Number.isNaN(target.valueAsNumber) ? null : target.valueAsNumber)}
        {...useFieldProps()}
        {...rest}
      />
      {unit !== undefined && <span className={styles['unit']}>{unit}</span>}
    </span>
  )
}

export interface SelectOption<V extends string> {
  readonly value: V
  readonly label: string
  readonly disabled?: boolean
}

export interface SelectProps<V extends string> {
  readonly label: string
  /** The label is only the accessible name; inside a Field it is never drawn. */
  readonly hideLabel?: boolean
  readonly value: V
  readonly onChange: (value: V) => void
  readonly options: ReadonlyArray<SelectOption<V>>
  readonly disabled?: boolean
  readonly className?: string
}

/** The system's own list: phones, screen readers and long lists of options know best how to show one. */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, hideLabel = false, value, onChange, options, disabled = false, className } = props
  const field = useFieldProps()
  const isDrawn = !hideLabel && field.id === undefined
  const box = (
    <span className={styles['select-box']}>
      <select
        className={styles['input']}
        value={value}
        disabled={disabled}
        onChange={({ target }) => {
          const chosen = options.find((option) => option.value === target.value)
          if (chosen !== undefined) onChange(chosen.value)
        }}
        {...(isDrawn || field.id !== undefined ? {} : { 'aria-label': label })}
        {...field}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled ?? false}>
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown aria-hidden="true" />
    </span>
  )
  if (!isDrawn) return <span className={classNames(styles['select'], className)}>{box}</span>
  return (
    <label className={classNames(styles['select'], className)}>
      <span className={styles['select-label']}>{label}</span>
      {box}
    </label>
  )
}
