import type { ReactNode, RefObject } from 'react'
import type { SluiceError } from '../../src/core/errors.ts'
import type { DownloadDetail, HistoryEntry } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { StateBadge } from '../list/state-badge.tsx'
import { rowView } from '../list/row-view.ts'
import type { RowView } from '../list/row-view.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Link, X } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { setView, useView } from '../state/address.ts'
import { errorText } from '../state/texts.ts'
import { copyAndTell } from './copy-button.tsx'
import { DetailContent } from './detail-content.tsx'
import { HistoryFacts } from './history-facts.tsx'
import { HistoryHead } from './history-head.tsx'
import { PanelActions } from './panel-actions.tsx'
import { useDetail } from './use-detail.ts'
import { useHistoryEntry } from './use-history-entry.ts'
import styles from './detail.module.css'

export interface DetailViewProps {
  readonly id: string
  readonly onClose: () => void
  /** Wraps the name, so that what is around it knows its title. */
  readonly renderTitle: (name: string) => ReactNode
  readonly body?: RefObject<HTMLDivElement | null>
}

/** One download from near: a head that stays and a body that scrolls. */
export function DetailView({ id, onClose, renderTitle, body }: DetailViewProps) {
  const { detail, map, error, again } = useDetail(id)
  const isGone = error?.code === 'not-found'
  const entry = useHistoryEntry(id, isGone)
  return (
    <>
      <header className={styles['head']}>
        <div className={styles['top']}>
          {renderTitle(isGone ? (entry?.filename ?? t('detail.title')) : titleOf(detail))}
          <IconButton size="small" label={t('detail.close')} icon={<X aria-hidden="true" />} onClick={onClose} />
        </div>
        {isGone && entry && <HistoryHead entry={entry} />}
        {detail && !isGone && (
          <>
            <div className={styles['state']}>
              <StateBadge {...stateOf(detail)} />
              <IconButton
                size="small"
                label={t('detail.copyLink')}
                icon={<Link size={14} aria-hidden="true" />}
                onClick={() => void copyAndTell(detail.url)}
              />
            </div>
            <PanelActions detail={detail} onRemoved={onClose} onOther={(other) => setView({ selected: other })} />
          </>
        )}
      </header>
      <div ref={body} className={styles['body']} tabIndex={-1} aria-busy={!detail && !error}>
        {isGone ? (
          <Gone entry={entry} />
        ) : detail && map ? (
          <DetailContent detail={detail} map={map} />
        ) : (
          <Missing error={error} onAgain={again} />
        )}
      </div>
    </>
  )
}

function titleOf(detail: DownloadDetail | undefined): string {
  return detail === undefined ? t('detail.title') : detail.filename || t('detail.unnamed')
}

function stateOf(detail: DownloadDetail): Pick<RowView, 'state' | 'tone'> {
  const { state, tone } = rowView(detail)
  return { state, tone }
}

/** It is no longer listed: not an error. Undefined is not known yet, null is not in the history either. */
function Gone({ entry }: { readonly entry: HistoryEntry | null | undefined }) {
  const [{ tab }] = useView()
  if (entry === undefined) return <Loading />
  if (entry !== null) return <HistoryFacts entry={entry} />
  if (tab === 'history') return <EmptyState title={t('detail.goneTitle')} text={t('detail.goneText')} />
  return (
    <EmptyState
      title={t('detail.goneTitle')}
      text={t('detail.goneText')}
      action={
        <Button size="small" onClick={() => setView({ page: 'downloads', tab: 'history' })}>
          {t('detail.showHistory')}
        </Button>
      }
    />
  )
}

interface MissingProps {
  readonly error: SluiceError | null
  readonly onAgain: () => void
}

function Missing({ error, onAgain }: MissingProps) {
  if (error === null) return <Loading />
  const { text, hint } = errorText(error)
  return (
    <EmptyState
      title={t('detail.failedTitle')}
      text={`${text} ${hint}`}
      action={
        <Button size="small" onClick={onAgain}>
          {t('detail.tryAgain')}
        </Button>
      }
    />
  )
}

function Loading() {
  return (
    <div className={styles['loading']}>
      <span className="visually-hidden">{t('detail.loading')}</span>
      <Skeleton width="70%" />
      <Skeleton height="118px" />
      <Skeleton width="40%" />
      <Skeleton height="132px" />
      <Skeleton />
      <Skeleton />
      <Skeleton />
    </div>
  )
}
