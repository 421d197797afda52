import { Field } from '../parts/field.tsx'
import { Select } from '../parts/inputs.tsx'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { choiceName, hintOf, titleOf } from './words.ts'

export function ChoiceControl({ field, value, saving }: ControlProps) {
  const choices = field.choices ?? []
  const hint = hintOf(field)
  return (
    <Field label={titleOf(field)} error={saving.error} {...(hint === '' ? {} : { hint })}>
      <Select
        className={styles['choice'] ?? ''}
        label={titleOf(field)}
        value={String(value)}
        onChange={(chosen) => void saving.save(choices.find((choice) => String(choice) === chosen))}
        options={choices.map((choice) => ({ value: String(choice), label: choiceName(field.key, choice) }))}
      />
    </Field>
  )
}
