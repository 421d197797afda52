import { Skeleton } from '../parts/skeleton.tsx'
import type { ColumnId, Layout } from './columns.ts'
import styles from './row.module.css'

/** A row of the right shape while its download is on the way. */
export function RowSkeleton({ columns, layout }: { readonly columns: readonly ColumnId[]; readonly layout: Layout }) {
  const shown = layout === 'phone' ? (['facts'] as const) : columns.slice(1)
  return (
    <>
      <div role="gridcell" className={styles['cell']} data-column="lead">
        <Skeleton width="16px" height="16px" />
      </div>
      <div role="gridcell" className={styles['cell']} data-column="name">
        <Skeleton width="60%" />
      </div>
      {shown.map((column) => (
        <div key={column} role="gridcell" className={styles['cell']} data-column={column}>
          <Skeleton width="70%" />
        </div>
      ))}
    </>
  )
}
