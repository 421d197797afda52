import type { Settings } from '../../src/server/api-types.ts'
import { count, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { TextInput } from '../parts/inputs.tsx'
import { RowsBox } from './rows-box.tsx'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { useRows } from './use-rows.ts'
import { choiceName } from './words.ts'

type Preset = Settings['presets'][number]

/** New ones are saved in the add form, where their fields are; here they are renamed and removed. */
export function PresetsEditor({ field, value, saving }: ControlProps) {
  const { rows, change, commit, replace } = useRows(value as readonly Preset[], saving, isWhole)
  return (
    <RowsBox
      field={field}
      error={saving.error}
      none={t('settings.noPresets')}
      onRemove={(index) => replace(rows.toSpliced(index, 1))}
      onLeave={commit}
      rows={rows.map((row, i) => ({
        name: row.name,
        content: (
          <div className={styles['preset']}>
            <TextInput
              dir="auto"
              value={row.name}
              maxLength={100}
              aria-label={t('settings.presetName', { number: count(i + 1) })}
              onChange={({ target }) => change(i, { ...row, name: target.value })}
            />
            <p className={styles['hint']}>{contentOf(row)}</p>
          </div>
        ),
      }))}
    />
  )
}

function isWhole({ name }: Preset): boolean {
  return name.trim() !== ''
}

function contentOf(preset: Preset): string {
  return Object.entries(preset)
    .flatMap(([key, value]) =>
      key === 'name' || value === undefined ? [] : [t(`settings.preset_${key}` as Key, { value: wordsOf(key, value) })],
    )
    .join(', ')
}

function wordsOf(key: string, value: string | number): string {
  if (key === 'speedLimit') return rate(Number(value))
  return key === 'ifExists' ? choiceName(key, value) : String(value)
}
