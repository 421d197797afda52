import type { Settings } from '../../src/server/api-types.ts'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { TextInput } from '../parts/inputs.tsx'
import { RowsBox } from './rows-box.tsx'
import type { ControlProps } from './setting-row.tsx'
import styles from './settings.module.css'
import { useRows } from './use-rows.ts'

type Header = Settings['headers'][number]

export function HeadersEditor({ field, value, saving }: ControlProps) {
  const { rows, change, commit, replace } = useRows(value as readonly Header[], saving, isWhole)
  return (
    <RowsBox
      field={field}
      error={saving.error}
      none={t('settings.noHeaders')}
      add={t('settings.addHeader')}
      onAdd={() => replace([...rows, { name: '', value: '' }])}
      onRemove={(index) => replace(rows.toSpliced(index, 1))}
      onLeave={commit}
      rows={rows.map((row, i) => ({
        name: row.name === '' ? t('settings.headerNumber', { number: count(i + 1) }) : row.name,
        content: (
          <div className={styles['header']}>
            <label className={styles['labelled']}>
              <span>{t('settings.headerName')}</span>
              <TextInput
                dir="ltr"
                value={row.name}
                placeholder="Accept-Language"
                onChange={({ target }) => change(i, { ...row, name: target.value })}
              />
            </label>
            <label className={styles['labelled']}>
              <span>{t('settings.headerValue')}</span>
              <TextInput
                dir="ltr"
                value={row.value}
                onChange={({ target }) => change(i, { ...row, value: target.value })}
              />
            </label>
          </div>
        ),
      }))}
    />
  )
}

function isWhole({ name }: Header): boolean {
  return name.trim() !== ''
}
