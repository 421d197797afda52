import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { ArrowDown, ArrowUp } from '../parts/icon.tsx'
import { setView } from '../state/address.ts'
import type { Tab } from '../state/address.ts'
import { sortOf } from './columns.ts'
import type { ColumnId } from './columns.ts'
import { nextSort, readSort } from './filter-values.ts'
import styles from './grid.module.css'

export interface ListHeadProps {
  readonly tab: Tab
  readonly sort: string
  readonly columns: readonly ColumnId[]
  /** Stands over the boxes that select. */
  readonly lead?: ReactNode
}

/** Heads of the columns; a click sorts, another one the other way round. */
export function ListHead({ tab, sort, columns, lead }: ListHeadProps) {
  return (
    <div role="rowgroup" className={styles['head-group']}>
      <div role="row" aria-rowindex={1} className={styles['head-row']} data-tab={tab}>
        <div role="columnheader" data-column="lead">
          {lead ?? <span className="visually-hidden">{t('list.select')}</span>}
        </div>
        {columns.map((column, index) => (
          <Head key={column} column={column} tab={tab} sort={sort} hasNote={index === 0} />
        ))}
        <div role="columnheader" data-column="actions">
          <span className="visually-hidden">{t('list.actions')}</span>
        </div>
      </div>
    </div>
  )
}

interface HeadProps {
  readonly column: ColumnId
  readonly tab: Tab
  readonly sort: string
  /** The cell of the second line follows. */
  readonly hasNote: boolean
}

function Head({ column, tab, sort, hasNote }: HeadProps) {
  const field = sortOf(column, tab)
  const now = readSort(sort)
  const isSorted = now.column === field
  const Arrow = now.descending ? ArrowDown : ArrowUp
  const label = t(`list.${column}` satisfies Key)
  return (
    <>
      <div
        role="columnheader"
        data-column={column}
        {...(isSorted ? { 'aria-sort': now.descending ? 'descending' : 'ascending' } : {})}
      >
        <button
          type="button"
          className={styles['head-button']}
          onClick={() => setView({ sort: nextSort(sort, field) })}
        >
          {label}
          {isSorted && <Arrow size={12} aria-hidden="true" />}
        </button>
      </div>
      {hasNote && (
        <div role="columnheader" className="visually-hidden">
          {t('list.note')}
        </div>
      )}
    </>
  )
}
