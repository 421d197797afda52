import type { SluiceError } from '../../src/core/errors.ts'
import { CopyButton } from '../detail/copy-button.tsx'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { CircleAlert } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { errorText } from '../state/texts.ts'
import styles from './installed.module.css'

export interface SummaryProps {
  /** How many and how large; '' while there is nothing. */
  readonly text: string
  /** Folder, and what it is. */
  readonly dir: string
  readonly dirName: string
}

/** How many, how large, and where. */
export function Summary({ text, dir, dirName }: SummaryProps) {
  return (
    <div className={styles['summary']}>
      {text !== '' && <span>{text}</span>}
      <span className={styles['dir']} dir="ltr">
        <MiddleText text={dir} />
      </span>
      <CopyButton text={dir} name={dirName} />
    </div>
  )
}

export interface FailedProps {
  readonly title: string
  readonly error: SluiceError
  /** There is a list from before. */
  readonly isKnown: boolean
  readonly onAgain: () => void
}

/** Why there is no list, or none of now. */
export function Failed({ title, error, isKnown, onAgain }: FailedProps) {
  const { text, hint } = errorText(error)
  const again = <Button onClick={onAgain}>{t('list.tryAgain')}</Button>
  if (isKnown) {
    return (
      <div role="alert" className={styles['stale']}>
        <CircleAlert size={16} aria-hidden="true" />
        <p>{`${title}. ${text} ${hint}`}</p>
        {again}
      </div>
    )
  }
  return (
    <div role="alert">
      <EmptyState icon={<CircleAlert />} title={title} text={`${text} ${hint}`} action={again} />
    </div>
  )
}

/** In the shape of what is coming. */
export function Waiting() {
  return (
    <div className={styles['waiting']} role="status" aria-busy="true" aria-label={t('common.loading')}>
      {['one', 'two', 'three'].map((row) => (
        <Skeleton key={row} height="44px" />
      ))}
    </div>
  )
}
