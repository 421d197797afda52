import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { classNames } from '../parts/class-names.ts'
import { useSettings } from '../state/live.ts'
import { changeForm } from './draft.ts'
import { isUsed } from './form.ts'
import type { FieldName, OptionsForm, Purpose } from './form.ts'
import { LlamaFields } from './llama-fields.tsx'
import { KeepStaging, ModelFields } from './model-fields.tsx'
import { ChecksumField, Choice, Lines, TextField } from './option-fields.tsx'
import styles from './options-panel.module.css'
import { PresetRow } from './preset-row.tsx'
import type { ReadForm } from './read-form.ts'
import { ReleaseFields } from './release-fields.tsx'

export interface OptionsPanelProps {
  readonly id: string
  readonly form: OptionsForm
  readonly read: ReadForm
  readonly purpose: Purpose
  readonly showAll: boolean
}

/** Everything that can be said about a download before it is added. */
export function OptionsPanel({ id, form, read, purpose, showAll }: OptionsPanelProps) {
  const settings = useSettings()
  const own = { form, read, showAll, onChange: changeForm }
  const has = (field: FieldName): boolean => isUsed(field, purpose, form)
  return (
    <div className={styles['panel']} id={id} role="group" aria-label={t('add.options')}>
      <PresetRow form={form} read={read} />
      <div className={styles['grid']}>
        {purpose.hasModels && <ModelFields {...own} />}
        {purpose.hasLlama && <LlamaFields {...own} />}
        {purpose.hasReleases && <ReleaseFields hasAsset={has('asset')} {...own} />}
        {has('dir') && (
          <TextField
            name="dir"
            label={t('add.dir')}
            hint={t('add.dirHint')}
            placeholder={settings?.downloadFolder || t('add.dirUsual')}
            {...own}
          />
        )}
        {has('filename') && (
          <TextField
            name="filename"
            label={t('add.filename')}
            placeholder={t(purpose.hasModels ? 'add.filenameModel' : 'add.filenameUsual')}
            {...own}
          />
        )}
        <Choice name="priority" label={t('add.priority')} options={priorities()} {...{ form, onChange: changeForm }} />
        <TextField
          name="speedLimit"
          label={t('add.speedLimit')}
          hint={t('add.speedLimitHint')}
          placeholder={t('add.speedLimitUsual')}
          {...own}
        />
        <TextField
          name="connections"
          label={t(purpose.hasFiles || purpose.hasReleases ? 'add.connections' : 'add.connectionsEach')}
          hint={t('add.connectionsHint')}
          placeholder={t('add.connectionsUsual')}
          inputMode="numeric"
          {...own}
        />
        <TextField
          name="retries"
          label={t('add.retries')}
          hint={t('add.retriesHint')}
          placeholder={settings === undefined ? '' : count(settings.retries)}
          inputMode="numeric"
          {...own}
        />
        {has('ifExists') && (
          <Choice name="ifExists" label={t('add.ifExists')} options={existing()} {...{ form, onChange: changeForm }} />
        )}
        <Choice name="start" label={t('add.start')} options={starts()} {...{ form, onChange: changeForm }} />
        {form.start === 'at' && <TextField name="startAt" label={t('add.startAt')} type="datetime-local" {...own} />}
      </div>
      {has('keepStaging') && <KeepStaging form={form} onChange={changeForm} />}
      {(purpose.hasFiles || purpose.hasReleases) && (
        <div className={classNames(styles['grid'], styles['texts'])}>
          {has('checksum') && <ChecksumField {...own} />}
          {has('mirrors') && <Lines name="mirrors" label={t('add.mirrors')} hint={t('add.mirrorsHint')} {...own} />}
          {has('headers') && <Lines name="headers" label={t('add.headers')} hint={t('add.headersHint')} {...own} />}
        </div>
      )}
      {purpose.isMany && <p className={styles['note']}>{t('add.onlyForOne')}</p>}
    </div>
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
