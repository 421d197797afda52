import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Check, RotateCcw } from '../parts/icon.tsx'
import { ChoiceControl } from './choice-control.tsx'
import type { SettingField } from './form-model.ts'
import { HeadersEditor } from './headers-editor.tsx'
import { PresetsEditor } from './presets-editor.tsx'
import styles from './settings.module.css'
import { SwitchControl } from './switch-control.tsx'
import { TypedControl } from './typed-control.tsx'
import { useSave } from './use-save.ts'
import type { Saving } from './use-save.ts'
import { WindowsEditor } from './windows-editor.tsx'
import { titleOf, valueText } from './words.ts'

export interface ControlProps {
  readonly field: SettingField
  /** As the daemon has it. */
  readonly value: unknown
  readonly saving: Saving
}

/** One setting: its control, how saving it went, and the way back to its default. */
export function SettingRow({ field, value }: Omit<ControlProps, 'saving'>) {
  const saving = useSave(field.key)
  const Control = controls[field.kind]
  const isDefault = JSON.stringify(value) === JSON.stringify(field.byDefault)
  return (
    <div className={styles['row']} data-setting={field.key}>
      <Control field={field} value={value} saving={saving} />
      <div className={styles['after']}>
        <span role="status" className={styles['saved']}>
          {saving.state === 'saved' && (
            <>
              <Check size={14} aria-hidden="true" />
              {t('settings.saved')}
            </>
          )}
          {saving.state === 'saving' && t('settings.saving')}
        </span>
        {!isDefault && (
          <Button
            size="small"
            variant="plain"
            icon={<RotateCcw aria-hidden="true" />}
            aria-label={`${titleOf(field)}: ${t('settings.resetOne', { value: valueText(field, field.byDefault) })}`}
            onClick={() => void saving.save(null)}
          >
            {t('settings.resetOne', { value: valueText(field, field.byDefault) })}
          </Button>
        )}
      </div>
    </div>
  )
}

function UnknownControl({ field }: ControlProps) {
  return (
    <div>
      <p className={styles['name']}>{titleOf(field)}</p>
      <p className={styles['hint']}>{t('settings.unknownKind')}</p>
    </div>
  )
}

const controls = {
  switch: SwitchControl,
  text: TypedControl,
  number: TypedControl,
  rate: TypedControl,
  size: TypedControl,
  choice: ChoiceControl,
  windows: WindowsEditor,
  headers: HeadersEditor,
  presets: PresetsEditor,
  other: UnknownControl,
} as const
