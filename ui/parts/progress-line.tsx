import { percent } from '../i18n/formats.ts'
import { classNames } from './class-names.ts'
import styles from './progress-line.module.css'

export interface ProgressLineProps {
  /** Its accessible name, such as the name of the file. */
  readonly label: string
  /** 0 to 1; null where the size is not known. */
  readonly value: number | null
  /** What is there, as parts of 1 in their order; without it the line fills from its start. */
  readonly segments?: ReadonlyArray<{ readonly start: number; readonly end: number }>
  readonly tone?: 'accent' | 'good' | 'warning' | 'danger' | 'still'
  /** Read out in place of the percentage. */
  readonly valueText?: string
}

export function ProgressLine({ label, value, segments, tone = 'accent', valueText }: ProgressLineProps) {
  const shown = value === null ? [] : (segments ?? [{ start: 0, end: value }])
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(value === null ? {} : { 'aria-valuenow': Math.floor(value * 100) })}
      aria-valuetext={valueText ?? (value === null ? undefined : percent(value))}
      className={classNames(styles['line'], styles[tone], value === null && styles['unknown'])}
    >
      {shown.map(({ start, end }) => (
        <span
          key={start}
          className={styles['part']}
          style={{ insetInlineStart: `${start * 100}%`, inlineSize: `${(end - start) * 100}%` }}
        />
      ))}
    </div>
  )
}
