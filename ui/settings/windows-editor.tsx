import { useId, useState } from 'react'
import type { Settings } from '../../src/server/api-types.ts'
import { count, rate, weekday } from '../i18n/formats.ts'
import { t, useLanguage } from '../i18n/index.ts'
import { TextInput } from '../parts/inputs.tsx'
import { RowsBox } from './rows-box.tsx'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { typedBytes, typedValue } from './typed-value.ts'
import { useRows } from './use-rows.ts'
import { weekOf, withDay } from './week.ts'
import { problemText } from './words.ts'

type Window = Settings['speedWindows'][number]

const fresh: Window = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', bytesPerSecond: 0 }

export function WindowsEditor({ field, value, saving }: ControlProps) {
  const { rows, change, commit, replace } = useRows(value as readonly Window[], saving, isWhole)
  return (
    <RowsBox
      field={field}
      error={problemOf(rows) ?? saving.error}
      none={t('settings.noWindows')}
      add={t('settings.addWindow')}
      onAdd={() => replace([...rows, fresh])}
      onRemove={(index) => replace(rows.toSpliced(index, 1))}
      onLeave={commit}
      rows={rows.map((row, i) => {
        const name = t('settings.windowName', { number: count(i + 1) })
        return { name, content: <WindowRow name={name} row={row} onChange={(next) => change(i, next)} /> }
      })}
    />
  )
}

interface WindowRowProps {
  readonly name: string
  readonly row: Window
  readonly onChange: (row: Window) => void
}

function WindowRow({ name, row, onChange }: WindowRowProps) {
  const { language } = useLanguage()
  const week = weekOf(language)
  return (
    <fieldset className={styles['window']}>
      <legend className="visually-hidden">{name}</legend>
      <div role="group" aria-label={t('settings.days')} className={styles['days']}>
        {week.map((day) => (
          <label key={day} className={styles['day']}>
            <input
              type="checkbox"
              checked={row.days.includes(day)}
              aria-label={weekday(dateOf(day), 'long')}
              onChange={({ target }) => onChange({ ...row, days: withDay(row.days, day, target.checked) })}
            />
            <span aria-hidden="true">{weekday(dateOf(day), 'short')}</span>
          </label>
        ))}
      </div>
      <Time label={t('settings.from')} value={row.from} onChange={(from) => onChange({ ...row, from })} />
      <Time label={t('settings.to')} value={row.to} onChange={(to) => onChange({ ...row, to })} />
      <Rate value={row.bytesPerSecond} onChange={(bytesPerSecond) => onChange({ ...row, bytesPerSecond })} />
      {row.from !== '' && row.to !== '' && row.from >= row.to && (
        <span className={styles['hint']}>{t('settings.windowNight')}</span>
      )}
    </fieldset>
  )
}

interface TimeProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

function Time({ label, value, onChange }: TimeProps) {
  return (
    <label className={styles['labelled']}>
      <span>{label}</span>
      <TextInput
        type="time"
        className={styles['time']}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  )
}

/** Kept as it is typed until it is a speed. */
function Rate({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  const id = useId()
  const [draft, setDraft] = useState<string>()
  const read = draft === undefined ? undefined : typedValue({ kind: 'rate', max: 1e12 }, draft)
  return (
    <label className={styles['labelled']}>
      <span>{t('settings.rate')}</span>
      <TextInput
        dir="ltr"
        className={styles['rate']}
        value={draft ?? typedBytes(value)}
        placeholder={t('settings.noLimit')}
        aria-describedby={id}
        {...(read?.ok === false ? { 'aria-invalid': true as const } : {})}
        onChange={({ target }) => {
          setDraft(target.value)
          const next = typedValue({ kind: 'rate', max: 1e12 }, target.value)
          if (next.ok) onChange(Number(next.value))
        }}
        onBlur={() => {
          if (read?.ok !== false) setDraft(undefined)
        }}
      />
      <span id={id} className={read?.ok === false ? styles['error'] : styles['hint']}>
        {read?.ok === false
          ? problemText('rate', read.problem)
          : value === 0
            ? ''
            : t('settings.equals', { value: rate(value) })}
      </span>
    </label>
  )
}

function isWhole({ days, from, to }: Window): boolean {
  return days.length > 0 && from !== '' && to !== ''
}

function problemOf(rows: readonly Window[]): string | undefined {
  if (rows.some(({ days }) => days.length === 0)) return t('settings.windowNoDays')
  return rows.every(isWhole) ? undefined : t('settings.windowNoTimes')
}

/** Some day of the past that is that day of the week; 0 is Sunday. */
function dateOf(day: number): Date {
  return new Date(2023, 0, 1 + day, 12)
}
