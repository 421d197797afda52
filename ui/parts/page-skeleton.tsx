import styles from './page-skeleton.module.css'
import { Skeleton } from './skeleton.tsx'

const widths = ['62%', '84%', '70%', '78%', '56%']

/** While the code of a page comes: lines where its content will be. */
export function PageSkeleton({ label }: { readonly label: string }) {
  return (
    <div className={styles['page']} role="status" aria-label={label}>
      {widths.map((width) => (
        <Skeleton key={width} width={width} height="20px" />
      ))}
    </div>
  )
}
