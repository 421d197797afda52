import { t } from '../i18n/index.ts'
import { Field } from '../parts/field.tsx'
import { Select, TextArea, TextInput } from '../parts/inputs.tsx'
import { recogniseChecksum } from './checksum.ts'
import type { FieldName, OptionsForm } from './form.ts'
import styles from './options-panel.module.css'
import type { ReadForm } from './read-form.ts'
import { fieldProblemText } from './texts.ts'

/** What every field of the options needs. */
export interface OwnForm {
  readonly form: OptionsForm
  readonly read: ReadForm
  /** Problems are told once someone wanted to add: nobody likes to be corrected while typing. */
  readonly showAll: boolean
  readonly onChange: (change: Partial<OptionsForm>) => void
}

type ChoiceName = 'priority' | 'ifExists' | 'start' | 'target' | 'variant'

export interface TextFieldProps extends OwnForm {
  readonly name: Exclude<FieldName, 'start' | 'target' | 'keepStaging' | 'targets' | 'variant' | 'strict'>
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly type?: 'text' | 'datetime-local'
  readonly inputMode?: 'numeric' | 'url'
  readonly dir?: 'auto' | 'ltr'
  /** Values to choose from; others can be typed. */
  readonly suggestions?: readonly string[]
}

export function TextField(props: TextFieldProps) {
  const { name, label, hint, form, read, showAll, onChange, dir = 'auto', suggestions, ...rest } = props
  const error = showAll ? fieldProblemText(read.problems[name]) : undefined
  const list = suggestions === undefined ? undefined : `${name}-suggestions`
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <TextInput
        // A placeholder stands where the texts of the page do.
        dir={form[name] === '' ? undefined : dir}
        value={form[name]}
        onChange={({ target }) => onChange({ [name]: target.value })}
        list={list}
        {...rest}
      />
      {suggestions !== undefined && (
        <datalist id={list}>
          {suggestions.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </datalist>
      )}
    </Field>
  )
}

export interface LinesProps extends OwnForm {
  readonly name: 'checksum' | 'mirrors' | 'headers'
  readonly label: string
  readonly hint: string
}

export function Lines({ name, label, hint, form, read, showAll, onChange }: LinesProps) {
  const line = name === 'headers' ? 'add.problemHeader' : 'add.problemMirror'
  const error = showAll ? fieldProblemText(read.problems[name], line) : undefined
  return (
    <Field label={label} hint={hint} error={error}>
      <TextArea
        rows={2}
        dir="ltr"
        className={styles['lines']}
        value={form[name]}
        onChange={({ target }) => onChange({ [name]: target.value })}
      />
    </Field>
  )
}

/** Says at once what the digits were taken as. */
export function ChecksumField(own: OwnForm) {
  const found = recogniseChecksum(own.form.checksum)
  const names = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const
  const hint = found === undefined ? t('add.checksumHint') : t('add.checksumIs', { algorithm: names[found.algorithm] })
  return <Lines name="checksum" label={t('add.checksum')} hint={hint} {...own} />
}

export interface ChoiceProps<N extends ChoiceName> extends Pick<OwnForm, 'form' | 'onChange'> {
  readonly name: N
  readonly label: string
  readonly hint?: string
  readonly options: ReadonlyArray<{ readonly value: OptionsForm[N]; readonly label: string }>
}

export function Choice<N extends ChoiceName>({ name, label, hint, form, options, onChange }: ChoiceProps<N>) {
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })}>
      <Select label={label} value={form[name]} options={options} onChange={(chosen) => onChange({ [name]: chosen })} />
    </Field>
  )
}
