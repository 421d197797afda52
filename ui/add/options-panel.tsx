import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { classNames } from '../parts/class-names.ts'
import { Field } from '../parts/field.tsx'
import { Select, TextArea, TextInput } from '../parts/inputs.tsx'
import { recogniseChecksum } from './checksum.ts'
import { useSettings } from '../state/live.ts'
import { changeForm } from './draft.ts'
import type { FieldName, OptionsForm } from './form.ts'
import styles from './options-panel.module.css'
import { PresetRow } from './preset-row.tsx'
import type { ReadForm } from './read-form.ts'
import { fieldProblemText } from './texts.ts'

export interface OptionsPanelProps {
  readonly id: string
  readonly form: OptionsForm
  readonly read: ReadForm
  readonly isForMany: boolean
  /** Problems are told once someone wanted to add: nobody likes to be corrected while typing. */
  readonly showAll: boolean
}

/** Everything that can be said about a download before it is added. */
export function OptionsPanel({ id, form, read, isForMany, showAll }: OptionsPanelProps) {
  const settings = useSettings()
  return (
    <div className={styles['panel']} id={id} role="group" aria-label={t('add.options')}>
      <PresetRow form={form} read={read} />
      <div className={styles['grid']}>
        <TextField
          name="dir"
          label={t('add.dir')}
          hint={t('add.dirHint')}
          placeholder={settings?.downloadFolder || t('add.dirUsual')}
          {...{ form, read, showAll }}
        />
        {!isForMany && (
          <TextField
            name="filename"
            label={t('add.filename')}
            placeholder={t('add.filenameUsual')}
            {...{ form, read, showAll }}
          />
        )}
        <Choice name="priority" label={t('add.priority')} value={form.priority} options={priorities()} />
        <TextField
          name="speedLimit"
          label={t('add.speedLimit')}
          hint={t('add.speedLimitHint')}
          placeholder={t('add.speedLimitUsual')}
          {...{ form, read, showAll }}
        />
        <TextField
          name="connections"
          label={t('add.connections')}
          hint={t('add.connectionsHint')}
          placeholder={t('add.connectionsUsual')}
          inputMode="numeric"
          {...{ form, read, showAll }}
        />
        <TextField
          name="retries"
          label={t('add.retries')}
          hint={t('add.retriesHint')}
          placeholder={settings === undefined ? '' : count(settings.retries)}
          inputMode="numeric"
          {...{ form, read, showAll }}
        />
        <Choice name="ifExists" label={t('add.ifExists')} value={form.ifExists} options={existing()} />
        <Choice name="start" label={t('add.start')} value={form.start} options={starts()} />
        {form.start === 'at' && (
          <TextField name="startAt" label={t('add.startAt')} type="datetime-local" {...{ form, read, showAll }} />
        )}
      </div>
      <div className={classNames(styles['grid'], styles['texts'])}>
        {!isForMany && <ChecksumField {...{ form, read, showAll }} />}
        {!isForMany && (
          <Lines name="mirrors" label={t('add.mirrors')} hint={t('add.mirrorsHint')} {...{ form, read, showAll }} />
        )}
        <Lines name="headers" label={t('add.headers')} hint={t('add.headersHint')} {...{ form, read, showAll }} />
      </div>
      {isForMany && <p className={styles['note']}>{t('add.onlyForOne')}</p>}
    </div>
  )
}

interface OwnField {
  readonly form: OptionsForm
  readonly read: ReadForm
  readonly showAll: boolean
}

interface TextFieldProps extends OwnField {
  readonly name: Exclude<FieldName, 'start'>
  readonly label: string
  readonly hint?: string
  readonly placeholder?: string
  readonly type?: 'text' | 'datetime-local'
  readonly inputMode?: 'numeric'
}

function TextField({ name, label, hint, form, read, showAll, ...rest }: TextFieldProps) {
  const error = showAll ? fieldProblemText(read.problems[name]) : undefined
  return (
    <Field label={label} error={error} {...(hint === undefined ? {} : { hint })}>
      <TextInput
        dir="auto"
        value={form[name]}
        onChange={({ target }) => changeForm({ [name]: target.value })}
        {...rest}
      />
    </Field>
  )
}

interface LinesProps extends OwnField {
  readonly name: 'checksum' | 'mirrors' | 'headers'
  readonly label: string
  readonly hint: string
}

function Lines({ name, label, hint, form, read, showAll }: LinesProps) {
  const line = name === 'headers' ? 'add.problemHeader' : 'add.problemMirror'
  const error = showAll ? fieldProblemText(read.problems[name], line) : undefined
  return (
    <Field label={label} hint={hint} error={error}>
      <TextArea
        rows={2}
        dir="ltr"
        className={styles['lines']}
        value={form[name]}
        onChange={({ target }) => changeForm({ [name]: target.value })}
      />
    </Field>
  )
}

/** Says at once what the digits were taken as. */
function ChecksumField({ form, read, showAll }: OwnField) {
  const found = recogniseChecksum(form.checksum)
  const names = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', sha512: 'SHA-512' } as const
  const hint = found === undefined ? t('add.checksumHint') : t('add.checksumIs', { algorithm: names[found.algorithm] })
  return <Lines name="checksum" label={t('add.checksum')} hint={hint} {...{ form, read, showAll }} />
}

interface ChoiceProps<N extends 'priority' | 'ifExists' | 'start'> {
  readonly name: N
  readonly label: string
  readonly value: OptionsForm[N]
  readonly options: ReadonlyArray<{ readonly value: OptionsForm[N]; readonly label: string }>
}

function Choice<N extends 'priority' | 'ifExists' | 'start'>({ name, label, value, options }: ChoiceProps<N>) {
  return (
    <Field label={label}>
      <Select label={label} value={value} options={options} onChange={(chosen) => changeForm({ [name]: chosen })} />
    </Field>
  )
}

function priorities() {
  const names: Readonly<Record<number, string>> = { 10: t('add.priorityFirst'), 1: t('add.priorityLast') }
  const numbers = [10, 9, 8, 7, 6, 4, 3, 2, 1].map((one) => ({ value: String(one), label: names[one] ?? count(one) }))
  return numbers.toSpliced(5, 0, { value: '', label: t('add.priorityUsual') })
}

function existing() {
  return [
    { value: '', label: t('add.ifExistsUsual') },
    { value: 'rename', label: t('add.ifExistsRename') },
    { value: 'overwrite', label: t('add.ifExistsOverwrite') },
    { value: 'skip', label: t('add.ifExistsSkip') },
    { value: 'fail', label: t('add.ifExistsFail') },
  ]
}

function starts() {
  return [
    { value: 'now', label: t('add.startNow') },
    { value: 'paused', label: t('add.startPaused') },
    { value: 'at', label: t('add.startLater') },
  ] as const
}
