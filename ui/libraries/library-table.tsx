import type { LlamaTree } from '../../src/server/api-types.ts'
import type { Key } from '../i18n/index.ts'
import { t } from '../i18n/index.ts'
import { classNames } from '../parts/class-names.ts'
import styles from '../installed/installed.module.css'
import { SortHeads } from '../installed/sort-heads.tsx'
import own from './libraries.module.css'
import { columns, nextOrder, treeKey } from './library-order.ts'
import type { Column, Order } from './library-order.ts'
import { LibraryRow } from './library-row.tsx'
import type { LibraryRowProps } from './library-row.tsx'

export const heads = {
  version: 'libraries.version',
  platform: 'libraries.platform',
  variant: 'libraries.variant',
  size: 'list.size',
  installed: 'libraries.installed',
  state: 'list.state',
} as const satisfies Record<Column, Key>

export interface LibraryTableProps extends Omit<LibraryRowProps, 'tree'> {
  readonly trees: readonly LlamaTree[]
  readonly order: Order
  readonly onOrder: (order: Order) => void
}

/** The builds, a row each; a click on a head sorts. */
export function LibraryTable({ trees, order, onOrder, ...row }: LibraryTableProps) {
  return (
    <div role="table" aria-label={t('libraries.title')} className={classNames(styles['table'], own['table'])}>
      <div role="rowgroup">
        <SortHeads columns={columns} names={heads} order={order} next={nextOrder} onOrder={onOrder} />
      </div>
      <div role="rowgroup" className={styles['rows']}>
        {trees.map((tree) => (
          <LibraryRow key={treeKey(tree)} tree={tree} {...row} />
        ))}
      </div>
    </div>
  )
}
