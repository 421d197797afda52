import styles from './skeleton.module.css'

export interface SkeletonProps {
  /** CSS lengths; default a line of text of the full width. */
  readonly width?: string
  readonly height?: string
}

/** The shape of what is coming. Say that it is loading once, on what holds the skeletons (`aria-busy`). */
export function Skeleton({ width = '100%', height = '1em' }: SkeletonProps) {
  return <span aria-hidden="true" className={styles['skeleton']} style={{ inlineSize: width, blockSize: height }} />
}
