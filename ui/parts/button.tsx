import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import styles from './button.module.css'
import { classNames } from './class-names.ts'

export type ButtonVariant = 'primary' | 'quiet' | 'danger' | 'plain'

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` once per view; `quiet` (the usual) has a border; `plain` has none until hovered. */
  readonly variant?: ButtonVariant
  readonly size?: 'small' | 'usual'
  readonly icon?: ReactNode
}

export function Button({ variant = 'quiet', size = 'usual', icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className={classNames(styles['button'], styles[variant], size === 'small' && styles['small'], className)}
      {...switchable(rest)}
    >
      {icon}
      {children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label' | 'children'> {
  /** Its name, also shown as a tooltip. */
  readonly label: string
  readonly icon: ReactNode
  readonly variant?: ButtonVariant
  readonly size?: 'small' | 'usual'
  /** Shown in the tooltip after the name. */
  readonly shortcut?: string
}

export function IconButton(props: IconButtonProps) {
  const { label, icon, variant = 'plain', size = 'usual', shortcut, className, ...rest } = props
  return (
    <button
      type="button"
      aria-label={label}
      data-tooltip={label}
      data-tooltip-keys={shortcut}
      className={classNames(
        styles['button'],
        styles['square'],
        styles[variant],
        size === 'small' && styles['small'],
        className,
      )}
      {...switchable(rest)}
    >
      {icon}
    </button>
  )
}

/**
 * One that is switched off keeps the focus, as it is often switched off by its own click: it says that it is off, and does
 * nothing. That holds for the forms that it would send too.
 */
function switchable<P extends Pick<ComponentProps<'button'>, 'disabled'>>({ disabled = false, ...rest }: P) {
  return disabled ? { ...rest, 'aria-disabled': true as const, onClick: doNothing } : rest
}

function doNothing(event: MouseEvent): void {
  event.preventDefault()
}
