import { useState } from 'react'
import type { FormEvent } from 'react'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { X } from '../parts/icon.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { isFiltered, useView } from '../state/address.ts'
import { usePreference } from '../state/preferences.ts'
import { presetOf, viewOfPreset } from '../state/preset.ts'
import styles from './filter-row.module.css'

/** Filters kept under a name, with their tab and order. */
export function FilterPresets() {
  const [view, setView] = useView()
  const [presets, setPresets] = usePreference('filterPresets')
  const [name, setName] = useState('')
  const others = presets.filter((preset) => preset.name !== name.trim())
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (name.trim() === '') return
    setPresets([...others, presetOf(name, view)])
    setName('')
  }
  return (
    <fieldset>
      <legend>{t('list.presets')}</legend>
      {presets.map((preset) => (
        <div key={preset.name} className={styles['preset']}>
          <Button size="small" variant="plain" onClick={() => setView(viewOfPreset(preset))}>
            {preset.name}
          </Button>
          <IconButton
            size="small"
            label={t('list.presetDelete', { name: preset.name })}
            icon={<X />}
            onClick={() => setPresets(presets.filter((one) => one !== preset))}
          />
        </div>
      ))}
      <form className={styles['save']} onSubmit={onSubmit}>
        <TextInput
          aria-label={t('list.presetName')}
          placeholder={t('list.presetName')}
          value={name}
          maxLength={100}
          disabled={!isFiltered(view)}
          onChange={({ target }) => setName(target.value)}
        />
        <Button size="small" type="submit" disabled={name.trim() === '' || !isFiltered(view)}>
          {t('list.presetSave')}
        </Button>
      </form>
    </fieldset>
  )
}
