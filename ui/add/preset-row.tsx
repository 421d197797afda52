import { useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Save, Trash2 } from '../parts/icon.tsx'
import { Select, TextInput } from '../parts/inputs.tsx'
import { client } from '../state/client.ts'
import { useSettings } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { announce, toast } from '../state/toasts.ts'
import { changeDraft, changeForm, useDraft } from './draft.ts'
import type { OptionsForm } from './form.ts'
import { presetOf, withPreset, withSaved } from './preset-form.ts'
import type { Preset } from './preset-form.ts'
import styles from './preset-row.module.css'
import type { ReadForm } from './read-form.ts'

/** Choose saved options, or save those of now under a name. */
export function PresetRow({ form, read }: { readonly form: OptionsForm; readonly read: ReadForm }) {
  const presets = useSettings()?.presets ?? []
  const { preset: chosen } = useDraft()
  const [name, setName] = useState<string | null>(null)
  const known = presets.some((preset) => preset.name === chosen)
  const options = [
    { value: '', label: t('add.presetNone') },
    ...presets.map((preset) => ({ value: preset.name, label: preset.name })),
  ]
  const isGood = Object.keys(read.problems).length === 0

  function choose(next: string): void {
    changeDraft({ preset: next })
    const preset = presets.find((one) => one.name === next) ?? { name: '' }
    changeForm(withPreset(form, preset))
  }

  async function save(): Promise<void> {
    const clean = name?.trim() ?? ''
    if (clean === '') return
    if (await keep(withSaved(presets, presetOf(clean, read)), t('add.presetSaved', { name: clean }))) {
      changeDraft({ preset: clean })
      setName(null)
    }
  }

  async function forget(): Promise<void> {
    const others = presets.filter((preset) => preset.name !== chosen)
    if (await keep(others, t('add.presetDeleted', { name: chosen }))) changeDraft({ preset: '' })
  }

  return (
    <div className={styles['row']}>
      <Select
        label={t('add.preset')}
        value={known ? chosen : ''}
        onChange={choose}
        options={options}
        className={styles['choice'] ?? ''}
      />
      {known && name === null && (
        <IconButton label={t('add.presetDelete')} icon={<Trash2 aria-hidden="true" />} onClick={() => void forget()} />
      )}
      {name === null ? (
        <Button variant="plain" icon={<Save aria-hidden="true" />} disabled={!isGood} onClick={() => setName(chosen)}>
          {t('add.presetSave')}
        </Button>
      ) : (
        <>
          <TextInput
            autoFocus
            maxLength={100}
            className={styles['name']}
            aria-label={t('add.presetName')}
            placeholder={t('add.presetName')}
            value={name}
            onChange={({ target }) => setName(target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setName(null)
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
              event.preventDefault()
              void save()
            }}
          />
          <Button disabled={name.trim() === ''} onClick={() => void save()}>
            {t('common.save')}
          </Button>
          <Button variant="plain" onClick={() => setName(null)}>
            {t('common.cancel')}
          </Button>
        </>
      )}
    </div>
  )
}

/** Whether the daemon took them. */
async function keep(presets: readonly Preset[], done: string): Promise<boolean> {
  try {
    await client.changeSettings({ presets })
    announce(done)
    return true
  } catch (thrown) {
    const { text, hint } = errorText(asSluiceError(thrown))
    toast({ kind: 'error', text: `${text} ${hint}`.trim() })
    return false
  }
}
