import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { ArrowDown, ArrowUp } from '../parts/icon.tsx'
import { Select } from '../parts/inputs.tsx'
import { tabSorts, useView } from '../state/address.ts'
import type { Sort, Tab } from '../state/address.ts'
import { nextSort, readSort } from './filter-values.ts'
import styles from './filter-row.module.css'

const words: Readonly<Record<Sort, Key>> = {
  queue: 'list.order',
  name: 'list.name',
  size: 'list.size',
  speed: 'list.speed',
  eta: 'list.eta',
  date: 'list.added',
  ended: 'list.finished',
  status: 'list.state',
  progress: 'list.progress',
  host: 'list.host',
  priority: 'list.priority',
  duration: 'list.duration',
  type: 'list.type',
  verdict: 'list.verdict',
}

/** As the head of the column is called: in the history a date is the end. */
function wordOf(field: Sort, tab: Tab): Key {
  return field === 'date' && tab === 'history' ? 'list.finished' : words[field]
}

/** By which field and in which direction; the same as a click on the head of a column. */
export function SortControl({ hideLabel = false }: { readonly hideLabel?: boolean }) {
  const [{ tab, sort }, setView] = useView()
  const { column, descending } = readSort(sort)
  return (
    <span className={styles['sort-pair']}>
      <Select
        label={t('list.sortBy')}
        hideLabel={hideLabel}
        value={column}
        onChange={(field) => setView({ sort: nextSort('', field) })}
        options={tabSorts[tab].map((field) => ({ value: field, label: t(wordOf(field, tab)) }))}
      />
      <IconButton
        label={t(descending ? 'list.descending' : 'list.ascending')}
        icon={descending ? <ArrowDown /> : <ArrowUp />}
        onClick={() => setView({ sort: descending ? column : `-${column}` })}
      />
    </span>
  )
}
