import type { LibraryModel } from '../../src/server/api-types.ts'
import type { Key } from '../i18n/index.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { SortHeads } from '../installed/sort-heads.tsx'
import { columns, nextOrder } from './model-order.ts'
import type { Column, Order } from './model-order.ts'
import { ModelRow } from './model-row.tsx'
import type { ModelRowProps } from './model-row.tsx'

export const heads = {
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
        <SortHeads columns={columns} names={heads} order={order} next={nextOrder} onOrder={onOrder} />
      </div>
      <div role="rowgroup" className={styles['rows']}>
        {models.map((model) => (
          <ModelRow key={model.fullName} model={model} {...row} />
        ))}
      </div>
    </div>
  )
}
