import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { CircleAlert, CircleCheck, Download, History, ListOrdered, Search } from '../parts/icon.tsx'
import { Kbd } from '../parts/kbd.tsx'
import { errorText } from '../state/texts.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { noFilters, setView } from '../state/address.ts'
import type { Tab } from '../state/address.ts'
import { newLink } from './new-link.ts'
import styles from './empty-list.module.css'

const icons = { active: Download, queue: ListOrdered, completed: CircleCheck, history: History } as const
const words = {
  active: ['list.emptyActive', 'list.emptyActiveText'],
  queue: ['list.emptyQueue', 'list.emptyQueueText'],
  completed: ['list.emptyCompleted', 'list.emptyCompletedText'],
  history: ['list.emptyHistory', 'list.emptyHistoryText'],
} as const

/** A tab without rows: what would stand there, and how it comes there. */
export function EmptyList({ tab, isFiltered }: { readonly tab: Tab; readonly isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={<Search aria-hidden="true" />}
        title={t('list.noMatch')}
        text={t('list.noMatchText')}
        action={<Button onClick={() => setView(noFilters)}>{t('list.clearFilters')}</Button>}
      />
    )
  }
  const Icon = icons[tab]
  const [title, text] = words[tab]
  return (
    <EmptyState
      icon={<Icon aria-hidden="true" />}
      title={t(title)}
      text={t(text)}
      action={
        <>
          <Button onClick={() => newLink(example)}>{t('list.emptyAdd')}</Button>
          <p className={styles['shortcut']}>
            {t('list.emptyShortcut')} <Kbd keys="N" />
          </p>
        </>
      }
    />
  )
}

/** A file that is large enough to watch, and that no one is harmed by. */
const example = 'https://cdimage.debian.org/debian-cd/current/amd64/iso-cd/SHA256SUMS'

export function ListError({ error, onRetry }: { readonly error: SluiceError; readonly onRetry: () => void }) {
  const { text, hint } = errorText(error)
  return (
    <div role="alert">
      <EmptyState
        icon={<CircleAlert aria-hidden="true" />}
        title={t('list.loadFailed')}
        text={`${text} ${hint}`}
        action={<Button onClick={onRetry}>{t('list.tryAgain')}</Button>}
      />
    </div>
  )
}
