import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { ArrowDown, ArrowUp } from '../parts/icon.tsx'
import { Select } from '../parts/inputs.tsx'
import styles from './installed.module.css'
import type { Order } from './order.ts'

export interface SortHeadsProps<C extends string> {
  readonly columns: readonly C[]
  readonly names: Readonly<Record<C, Key>>
  readonly order: Order<C>
  readonly next: (now: Order<C>, column: C) => Order<C>
  readonly onOrder: (order: Order<C>) => void
}

/** The heads of a table whose last column has the actions; a click on one sorts. */
export function SortHeads<C extends string>({ columns, names, order, next, onOrder }: SortHeadsProps<C>) {
  const Arrow = order.descending ? ArrowDown : ArrowUp
  return (
    <div role="row" className={styles['head']}>
      {columns.map((column) => {
        const isSorted = order.column === column
        return (
          <div
            key={column}
            role="columnheader"
            data-column={column}
            {...(isSorted ? { 'aria-sort': order.descending ? 'descending' : 'ascending' } : {})}
          >
            <button type="button" className={styles['head-button']} onClick={() => onOrder(next(order, column))}>
              {t(names[column])}
              {isSorted && <Arrow size={12} aria-hidden="true" />}
            </button>
          </div>
        )
      })}
      <div role="columnheader" data-column="actions">
        <span className="visually-hidden">{t('list.actions')}</span>
      </div>
    </div>
  )
}

/** The same as the heads, where there is no room for them. */
export function OrderControl<C extends string>({ columns, names, order, next, onOrder }: SortHeadsProps<C>) {
  const { column, descending } = order
  return (
    <span className={styles['order']}>
      <Select
        label={t('list.sortBy')}
        hideLabel
        value={column}
        onChange={(chosen) => chosen !== column && onOrder(next(order, chosen))}
        options={columns.map((one) => ({ value: one, label: t(names[one]) }))}
      />
      <IconButton
        label={t(descending ? 'list.descending' : 'list.ascending')}
        icon={descending ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />}
        onClick={() => onOrder({ column, descending: !descending })}
      />
    </span>
  )
}
