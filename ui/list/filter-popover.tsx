import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Checkbox } from '../parts/checks.tsx'
import { Field } from '../parts/field.tsx'
import { ListFilter } from '../parts/icon.tsx'
import { TextInput } from '../parts/inputs.tsx'
import { Popover } from '../parts/popover.tsx'
import { isFiltered, noFilters, tabStatuses, useView } from '../state/address.ts'
import { statusName } from '../state/texts.ts'
import { filtersInUse } from './filter-values.ts'
import styles from './filter-row.module.css'
import { FilterPresets } from './filter-presets.tsx'
import { SizeField } from './size-field.tsx'
import { SortControl } from './sort-control.tsx'

/** All filters besides the search. They hold at once, so that one sees what they do. */
export function FilterPopover() {
  const [view, setView] = useView()
  const count = filtersInUse(view)
  const label = count === 0 ? t('list.filters') : t('list.filtersUsed', { count })
  return (
    <Popover
      label={t('list.filters')}
      className={styles['popup']}
      trigger={
        <Button size="small" icon={<ListFilter aria-hidden="true" />} aria-label={label}>
          <span className={styles['word']}>{t('list.filters')}</span>
          {count > 0 && <span className={styles['used']}>{count}</span>}
        </Button>
      }
    >
      {(close) => (
        <>
          <Statuses />
          <div className={styles['pair']}>
            <Field label={t('list.type')}>
              <TextInput
                value={view.type}
                placeholder={t('list.anyType')}
                maxLength={40}
                onChange={({ target }) => setView({ type: target.value.trim().toLowerCase().replace(/^\./, '') })}
              />
            </Field>
            <Field label={t('list.host')}>
              <TextInput
                value={view.host}
                placeholder={t('list.anyHost')}
                maxLength={255}
                onChange={({ target }) => setView({ host: target.value.trim().toLowerCase() })}
              />
            </Field>
          </div>
          <div className={styles['pair']}>
            <SizeField label={t('list.minSize')} value={view.minSize} onChange={(minSize) => setView({ minSize })} />
            <SizeField label={t('list.maxSize')} value={view.maxSize} onChange={(maxSize) => setView({ maxSize })} />
          </div>
          <div className={styles['pair']}>
            <Field label={t('list.since')}>
              <TextInput
                type="date"
                value={view.since ?? ''}
                onChange={({ target }) => setView({ since: target.value || undefined })}
              />
            </Field>
            <Field label={t('list.until')}>
              <TextInput
                type="date"
                value={view.until ?? ''}
                onChange={({ target }) => setView({ until: target.value || undefined })}
              />
            </Field>
          </div>
          <SortControl />
          <FilterPresets />
          <div className={styles['foot']}>
            <Button size="small" variant="plain" disabled={!isFiltered(view)} onClick={() => setView(noFilters)}>
              {t('list.clearFilters')}
            </Button>
            <Button size="small" onClick={close}>
              {t('common.close')}
            </Button>
          </div>
        </>
      )}
    </Popover>
  )
}

function Statuses() {
  const [{ tab, status }, setView] = useView()
  return (
    <fieldset className={styles['statuses']}>
      <legend>{t('list.state')}</legend>
      {tabStatuses[tab].map((one) => (
        <Checkbox
          key={one}
          label={statusName(one)}
          checked={status.includes(one)}
          onChange={(checked) =>
            setView({ status: checked ? [...status, one] : status.filter((other) => other !== one) })
          }
        />
      ))}
    </fieldset>
  )
}
