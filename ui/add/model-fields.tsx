import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Checkbox } from '../parts/checks.tsx'
import { Choice, TextField } from './option-fields.tsx'
import type { OwnForm } from './option-fields.tsx'

const usualPlatforms = ['linux/amd64', 'linux/arm64']
const usualConcurrency = 4

/** What can be said about the pull of a model. */
export function ModelFields(own: OwnForm) {
  const { form, onChange } = own
  return (
    <>
      <Choice
        name="target"
        label={t('add.target')}
        hint={form.target === '' ? t('add.targetHint') : t(targetHints[form.target])}
        options={targets()}
        {...{ form, onChange }}
      />
      <TextField
        name="registry"
        label={t('add.registry')}
        hint={t('add.registryHint')}
        placeholder={t('add.registryUsual')}
        inputMode="url"
        dir="ltr"
        {...own}
      />
      <TextField
        name="platform"
        label={t('add.platform')}
        hint={t('add.platformHint')}
        placeholder={t('add.platformUsual')}
        dir="ltr"
        suggestions={usualPlatforms}
        {...own}
      />
      <TextField
        name="concurrency"
        label={t('add.concurrency')}
        hint={t('add.concurrencyHint')}
        placeholder={count(usualConcurrency)}
        inputMode="numeric"
        {...own}
      />
    </>
  )
}

/** Of what is installed or becomes a zip. */
export function KeepStaging({ form, onChange }: Pick<OwnForm, 'form' | 'onChange'>) {
  return (
    <Checkbox
      label={t('add.keepStaging')}
      checked={form.keepStaging === 'yes'}
      onChange={(checked) => onChange({ keepStaging: checked ? 'yes' : '' })}
    />
  )
}

const targetHints = {
  zip: 'add.targetZipHint',
  files: 'add.targetFilesHint',
  layout: 'add.targetLayoutHint',
} as const

function targets() {
  return [
    { value: '', label: t('add.targetStore') },
    { value: 'zip', label: t('add.targetZip') },
    { value: 'files', label: t('add.targetFiles') },
    { value: 'layout', label: t('add.targetLayout') },
  ] as const
}
