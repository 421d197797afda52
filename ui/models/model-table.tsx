import type { LibraryModel } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { IconButton } from '../parts/button.tsx'
import { ArrowDown, ArrowUp } from '../parts/icon.tsx'
import { Select } from '../parts/inputs.tsx'
import { columns, nextOrder } from './model-order.ts'
import type { Column, Order } from './model-order.ts'
import { ModelRow } from './model-row.tsx'
import type { ModelRowProps } from './model-row.tsx'
import styles from './models.module.css'

const heads = {
  name: 'list.name',
  size: 'list.size',
  parameters: 'models.parameters',
  quantization: 'models.quantization',
  modified: 'models.modified',
  state: 'list.state',
} as const satisfies Record<Column, Key>

export interface ModelTableProps extends Omit<ModelRowProps, 'model'> {
  readonly models: readonly LibraryModel[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
}

/** The models, a row each; a click on a head sorts. */
export function ModelTable({ models, order, onOrder, ...row }: ModelTableProps) {
  return (
    <div role="table" aria-label={t('models.title')} className={styles['table']}>
      <div role="rowgroup">
        <div role="row" className={styles['head']}>
          {columns.map((column) => (
            <Head key={column} column={column} order={order} onOrder={onOrder} />
          ))}
          <div role="columnheader" data-column="actions">
            <span className="visually-hidden">{t('list.actions')}</span>
          </div>
        </div>
      </div>
      <div role="rowgroup" className={styles['rows']}>
        {models.map((model) => (
          <ModelRow key={model.fullName} model={model} {...row} />
        ))}
      </div>
    </div>
  )
}

interface HeadProps {
  readonly column: Column
  readonly order: Order
  readonly onOrder: (order: Order) => void
}

function Head({ column, order, onOrder }: HeadProps) {
  const isSorted = order.column === column
  const Arrow = order.descending ? ArrowDown : ArrowUp
  return (
    <div
      role="columnheader"
      data-column={column}
      {...(isSorted ? { 'aria-sort': order.descending ? 'descending' : 'ascending' } : {})}
    >
      <button type="button" className={styles['head-button']} onClick={() => onOrder(nextOrder(order, column))}>
        {t(heads[column])}
        {isSorted && <Arrow size={12} aria-hidden="true" />}
      </button>
    </div>
  )
}

/** The same as the heads, where there is no room for them. */
export function OrderControl({ order, onOrder }: Omit<HeadProps, 'column'>) {
  const { column, descending } = order
  return (
    <span className={styles['order']}>
      <Select
        label={t('list.sortBy')}
        hideLabel
        value={column}
        onChange={(next) => onOrder(nextOrder({ column: next === 'name' ? 'size' : 'name', descending }, next))}
        options={columns.map((one) => ({ value: one, label: t(heads[one]) }))}
      />
      <IconButton
        label={t(descending ? 'list.descending' : 'list.ascending')}
        icon={descending ? <ArrowDown aria-hidden="true" /> : <ArrowUp aria-hidden="true" />}
        onClick={() => onOrder({ column, descending: !descending })}
      />
    </span>
  )
}
