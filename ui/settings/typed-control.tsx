import { useState } from 'react'
import type { KeyboardEvent } from 'react'
import { bytes, count, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import type { SettingField } from './form-model.ts'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { typedBytes, typedValue } from './typed-value.ts'
import type { Limits } from './typed-value.ts'
import { hintOf, problemText, titleOf } from './words.ts'

/** Text, a number, a speed or a size. Sent when the field is left or Enter is pressed. */
export function TypedControl({ field, value, saving }: ControlProps) {
  const [draft, setDraft] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const limits = limitsOf(field)
  const isText = limits.kind === 'text'
  const isBytes = limits.kind === 'rate' || limits.kind === 'size'
  const shown = draft ?? (isBytes ? typedBytes(Number(value)) : String(value))

  async function commit(): Promise<void> {
    if (draft === undefined) return
    const typed = typedValue(limits, draft)
    if (!typed.ok) return setProblem(problemText(field.kind, typed.problem))
    if (typed.value === value || (await saving.save(typed.value))) setDraft(undefined)
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') void commit()
    if (event.key !== 'Escape' || draft === undefined) return
    event.preventDefault()
    setDraft(undefined)
    setProblem(undefined)
  }

  return (
    <Field label={titleOf(field)} hint={hintFor(field)} error={problem ?? saving.error}>
      <span className={styles['typed']}>
        <TextInput
          dir={isText ? 'auto' : 'ltr'}
          className={isText ? undefined : styles['short']}
          inputMode={limits.kind === 'number' ? 'numeric' : 'text'}
          value={shown}
          placeholder={field.kind === 'rate' ? t('settings.noLimit') : ''}
          onChange={({ target }) => {
            setDraft(target.value)
            setProblem(undefined)
            saving.clear()
          }}
          onBlur={() => void commit()}
          onKeyDown={onKeyDown}
        />
        {isBytes && <Meaning limits={limits} typed={shown} />}
      </span>
    </Field>
  )
}

/** What was typed, written out: 600K is 600 KiB/s. */
function Meaning({ limits, typed }: { readonly limits: Limits; readonly typed: string }) {
  const read = typedValue(limits, typed)
  if (!read.ok || read.value === 0 || typeof read.value === 'string') return null
  return (
    <span className={styles['hint']}>
      {t('settings.equals', { value: limits.kind === 'rate' ? rate(read.value) : bytes(read.value) })}
    </span>
  )
}

function limitsOf({ kind, min, max, maxLength }: SettingField): Limits {
  return {
    kind: kind === 'number' || kind === 'rate' || kind === 'size' ? kind : 'text',
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(maxLength === undefined ? {} : { maxLength }),
  }
}

function hintFor(field: SettingField): string {
  const { kind, min, max } = field
  const range =
    kind === 'number' && min !== undefined && max !== undefined
      ? `${t('settings.range', { min: count(min), max: count(max) })}.`
      : ''
  const form = kind === 'rate' ? t('settings.rateHint') : kind === 'size' ? t('settings.sizeHint') : ''
  return [hintOf(field), range, form].filter((part) => part !== '').join(' ')
}
