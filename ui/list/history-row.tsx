import { bytes, duration, rate } from '../i18n/formats.ts'
import type { HistoryEntry } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { actions } from '../state/actions.ts'
import { errorText } from '../state/texts.ts'
import type { ColumnId, Layout } from './columns.ts'
import { FileName } from './file-name.tsx'
import { KindIcon } from './kind-icon.tsx'
import { When } from './note.tsx'
import { RowButtons } from './row-buttons.tsx'
import { RowSkeleton } from './row-skeleton.tsx'
import { stateTones } from './row-view.ts'
import styles from './row.module.css'
import { StateBadge } from './state-badge.tsx'
import { VerdictBadge } from './verdict-badge.tsx'

export interface HistoryRowProps {
  /** Undefined while it is being fetched. */
  readonly entry: HistoryEntry | undefined
  readonly isFocused: boolean
  readonly columns: readonly ColumnId[]
  readonly layout: Layout
}

export function HistoryRow({ entry, isFocused, columns, layout }: HistoryRowProps) {
  if (entry === undefined) return <RowSkeleton columns={columns} layout={layout} />
  const { filename: name, error } = entry
  const reason = error === null ? null : errorText(error)
  const verdict = entry.verdict !== null && (
    <VerdictBadge verdict={entry.verdict} digests={entry.digests} isReachable={isFocused} />
  )
  return (
    <>
      <div role="gridcell" className={styles['cell']} data-column="lead">
        <span className={styles['icon']}>
          <KindIcon type={entry.type} />
        </span>
      </div>
      <div role="gridcell" className={styles['cell']} data-column="name">
        <FileName name={name} isFocused={isFocused} />
      </div>
      {layout === 'phone' ? (
        <div role="gridcell" className={styles['cell']} data-column="facts">
          <StateBadge state={entry.status} tone={stateTones[entry.status]} />
          <Cell column="size" entry={entry} />
          {verdict}
          <Cell column="finished" entry={entry} />
          <bdi className={styles['host']}>{entry.host}</bdi>
        </div>
      ) : (
        <>
          <div role="gridcell" className={styles['cell']} data-column="note">
            <span className={styles['note']}>
              <bdi className={styles['host']}>{entry.host}</bdi>
              {reason && <span title={reason.detail}>{reason.text}</span>}
            </span>
            {verdict}
          </div>
          {columns.slice(1).map((column) => (
            <div key={column} role="gridcell" className={styles['cell']} data-column={column}>
              <Cell column={column} entry={entry} />
            </div>
          ))}
        </>
      )}
      <div role="gridcell" className={styles['cell']} data-column="actions">
        <RowButtons
          name={name}
          primary="redownload"
          isReachable={isFocused}
          run={() => void actions.redownload(entry.id)}
        />
      </div>
    </>
  )
}

interface CellProps {
  readonly column: ColumnId
  readonly entry: HistoryEntry
}

function Cell({ column, entry }: CellProps) {
  switch (column) {
    case 'state':
      return <StateBadge state={entry.status} tone={stateTones[entry.status]} />
    case 'size':
      return <span>{entry.fileSize === null ? t('list.unknownSize') : bytes(entry.fileSize)}</span>
    case 'average':
      return <span>{entry.speed > 0 ? rate(entry.speed) : ''}</span>
    case 'duration':
      return <span>{duration(entry.duration)}</span>
    case 'finished':
      return <When at={Date.parse(entry.downloadedAt)} />
    default:
      return null
  }
}
