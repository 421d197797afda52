import { memo } from 'react'
import type { Download } from '../../src/server/api-types.ts'
import { bytes, count, duration, percent, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { setView } from '../state/address.ts'
import { useDownload } from '../state/live.ts'
import type { ColumnId, Layout } from './columns.ts'
import { FileName } from './file-name.tsx'
import { NoteText, PlaceText, When } from './note.tsx'
import { pairText } from './pair-text.ts'
import { runAction } from './row-actions.ts'
import type { Question } from './row-actions.ts'
import { RowButtons } from './row-buttons.tsx'
import { RowLead } from './row-lead.tsx'
import { RowSkeleton } from './row-skeleton.tsx'
import { rowView } from './row-view.ts'
import type { RowView } from './row-view.ts'
import styles from './row.module.css'
import { StateBadge } from './state-badge.tsx'
import { useSegments } from './segments.ts'
import { VerdictBadge } from './verdict-badge.tsx'

export interface DownloadRowProps {
  readonly id: string
  readonly isFocused: boolean
  readonly columns: readonly ColumnId[]
  readonly layout: Layout
  readonly canDrag: boolean
  readonly ask: (question: Question) => void
  readonly onNewLink: (download: Download) => void
}

/** One download; it renders anew only when that one changes. */
export const DownloadRow = memo(function DownloadRow(props: DownloadRowProps) {
  const { id, isFocused, columns, layout, canDrag, ask, onNewLink } = props
  const download = useDownload(id)
  const segments = useSegments(download)
  if (download === undefined) return <RowSkeleton columns={columns} layout={layout} />
  const view = rowView(download)
  const { filename: name } = download
  const note = layout !== 'phone' && (
    <span className={styles['note']} data-kind={view.note?.kind}>
      <bdi className={styles['host']}>{download.host}</bdi>
      {view.note && <NoteText note={view.note} />}
      <Limit download={download} />
    </span>
  )
  const remedy = view.remedy !== null && (
    <Remedy remedy={view.remedy} isReachable={isFocused} onNewLink={() => onNewLink(download)} />
  )
  const progress = view.showsProgress && (
    <span className={styles['progress']}>
      <ProgressLine
        label={t('list.progressOf', { name })}
        value={view.fraction}
        valueText={progressText(download, view)}
        tone={view.tone === 'quiet' ? 'still' : view.tone}
        {...(segments === undefined ? {} : { segments })}
      />
    </span>
  )
  return (
    <>
      <RowLead name={name} id={id} type={download.type} isReachable={isFocused} canDrag={canDrag} />
      <div role="gridcell" className={styles['cell']} data-column="name">
        <FileName name={name} isFocused={isFocused} />
      </div>
      {layout === 'phone' ? (
        <div role="gridcell" className={styles['cell']} data-column="facts">
          <StateBadge state={view.state} tone={view.tone} isShort={view.moves} />
          <PhoneFacts download={download} view={view} isFocused={isFocused} />
          {remedy}
          {progress}
        </div>
      ) : (
        <>
          <div role="gridcell" className={styles['cell']} data-column="note">
            {note}
            {remedy}
          </div>
          {columns.slice(1).map((column) => (
            <div key={column} role="gridcell" className={styles['cell']} data-column={column}>
              <Cell column={column} download={download} view={view} isFocused={isFocused} />
              {column === 'state' && progress}
            </div>
          ))}
        </>
      )}
      <div role="gridcell" className={styles['cell']} data-column="actions">
        <RowButtons
          name={name}
          primary={view.primary}
          isReachable={isFocused}
          run={(action) => runAction(action, download, ask)}
        />
      </div>
    </>
  )
})

interface CellProps {
  readonly column: ColumnId
  readonly download: Download
  readonly view: RowView
  readonly isFocused: boolean
}

function Cell({ column, download, view, isFocused }: CellProps) {
  const { verdict, digests, completedAt, addedAt } = download
  switch (column) {
    case 'state':
      return <StateBadge state={view.state} tone={view.tone} />
    case 'size':
      return sizeText(download)
    case 'speed':
      return view.moves && download.speed > 0 ? rate(download.speed) : ''
    case 'eta':
      return view.moves && download.eta !== null ? duration(download.eta) : ''
    case 'priority':
      return count(download.priority)
    case 'added':
      return <When at={Date.parse(addedAt)} />
    case 'finished':
      return completedAt === null ? '' : <When at={Date.parse(completedAt)} />
    case 'verdict':
      return verdict === null ? '' : <VerdictBadge verdict={verdict} digests={digests} isReachable={isFocused} />
    default:
      return ''
  }
}

/** The second line of a row on a phone: what matters most in this state. */
function PhoneFacts({ download, view, isFocused }: Omit<CellProps, 'column'>) {
  const { note } = view
  if (note !== null && note.kind !== 'connections' && note.kind !== 'completed' && note.kind !== 'no-size')
    return <NoteText note={note} />
  const { speed, eta, verdict, digests } = download
  return (
    <>
      <span>{sizeText(download)}</span>
      {view.moves && speed > 0 && <span>{rate(speed)}</span>}
      {view.moves && eta !== null && <span>{duration(eta)}</span>}
      {verdict !== null && <VerdictBadge verdict={verdict} digests={digests} isReachable={isFocused} />}
      {note?.kind === 'completed' && <When at={note.at} />}
      {note?.kind === 'completed' && note.place !== null ? (
        <PlaceText place={note.place} />
      ) : (
        <bdi className={styles['host']}>{download.host}</bdi>
      )}
    </>
  )
}

function Limit({ download: { speedLimit, status } }: { readonly download: Download }) {
  if (!speedLimit || status === 'completed' || status === 'cancelled') return null
  return <span>{t('list.noteLimit', { rate: rate(speedLimit) })}</span>
}

interface RemedyProps {
  readonly remedy: NonNullable<RowView['remedy']>
  readonly isReachable: boolean
  readonly onNewLink: () => void
}

/** The button that does what the hint says. */
function Remedy({ remedy, isReachable, onNewLink }: RemedyProps) {
  const free = (): void => setView({ tab: 'completed', sort: '-size' })
  return (
    <Button
      size="small"
      className={styles['remedy'] ?? ''}
      tabIndex={isReachable ? 0 : -1}
      onClick={remedy === 'free-space' ? free : onNewLink}
    >
      {t(remedy === 'free-space' ? 'list.freeSpace' : 'list.newLink')}
    </Button>
  )
}

function sizeText({ status, bytesDone, bytesTotal }: Download): string {
  const total = bytesTotal === null ? t('list.unknownSize') : bytes(bytesTotal)
  if (status === 'completed') return bytes(bytesTotal ?? bytesDone)
  return bytesDone === 0 ? total : pairText(bytes(bytesDone), total)
}

function progressText({ bytesDone, bytesTotal }: Download, { fraction }: RowView): string {
  const done = bytes(bytesDone)
  if (fraction === null || bytesTotal === null) return t('list.progressUnknown', { done })
  return t('list.progressText', { percent: percent(fraction), done, total: bytes(bytesTotal) })
}
