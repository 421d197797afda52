import { useId } from 'react'
import { Switch } from '../parts/checks.tsx'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { hintOf, titleOf } from './words.ts'

export function SwitchControl({ field, value, saving }: ControlProps) {
  const id = useId()
  const hint = hintOf(field)
  return (
    <div>
      <Switch
        label={titleOf(field)}
        checked={value === true}
        onChange={(checked) => void saving.save(checked)}
        aria-describedby={id}
      />
      <div id={id} className={styles['beside-switch']}>
        {saving.error !== undefined && (
          <p role="alert" className={styles['error']}>
            {saving.error}
          </p>
        )}
        {hint !== '' && <p className={styles['hint']}>{hint}</p>}
      </div>
    </div>
  )
}
