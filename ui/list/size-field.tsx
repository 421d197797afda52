import { useState } from 'react'
import { t } from '../i18n/index.ts'
import { Field } from '../parts/field.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { parseSize, sizeText } from './filter-values.ts'

export interface SizeFieldProps {
  readonly label: string
  readonly value: number | undefined
  readonly onChange: (bytes: number | undefined) => void
}

/** A size as people write it; what is not understood is left standing and said to be wrong. */
export function SizeField({ label, value, onChange }: SizeFieldProps) {
  const [text, setText] = useState(() => sizeText(value))
  const typed = parseSize(text)
  // Another filter was loaded, or all were cleared.
  const shown = typed !== null && typed !== value ? sizeText(value) : text
  return (
    <Field label={label} error={typed === null ? t('list.sizeError') : undefined}>
      <TextInput
        value={shown}
        placeholder={t('list.sizeHint')}
        maxLength={30}
        onChange={({ target }) => {
          setText(target.value)
          const bytes = parseSize(target.value)
          if (bytes !== null) onChange(bytes)
        }}
      />
    </Field>
  )
}
