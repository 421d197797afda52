import type { ReactNode } from 'react'
import type { Download } from '../../src/server/api-types.ts'
import { bytes, percent, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { rowView } from '../list/row-view.ts'
import { StateBadge } from '../list/state-badge.tsx'
import { IconButton } from '../parts/button.tsx'
import { Pause, Play, RotateCw } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { actions } from '../state/actions.ts'
import { hrefOf, noFilters, setView } from '../state/address.ts'
import type { ViewChange } from '../state/address.ts'
import { useDownload } from '../state/live.ts'
import { errorText, statusName } from '../state/texts.ts'
import { tabStatuses } from '../state/view.ts'
import styles from './installed.module.css'

export interface RunningItemProps {
  readonly id: string
  /** Says more of it, below. */
  readonly more?: (download: Download) => ReactNode
}

/** One download that is on its way to what is installed. */
export function RunningItem({ id, more }: RunningItemProps) {
  const download = useDownload(id)
  if (download === undefined) return null
  const { filename: name, status, bytesDone, bytesTotal, speed, error } = download
  const view = rowView(download)
  const figures = bytesTotal === null ? '' : t('detail.doneOf', { done: bytes(bytesDone), total: bytes(bytesTotal) })
  const tab = tabStatuses.queue.includes(status) ? 'queue' : 'active'
  const [label, Icon, act] = waysOn[status === 'paused' || status === 'error' ? status : 'active']
  return (
    <li className={styles['pull-row']}>
      <ViewLink view={{ ...noFilters, page: 'downloads', tab, selected: id }} className={styles['pull-name']}>
        <MiddleText text={name} />
      </ViewLink>
      <StateBadge state={view.state} tone={view.tone} />
      {view.primary !== null && (
        <IconButton
          size="small"
          label={t(label, { name })}
          icon={<Icon aria-hidden="true" />}
          onClick={() => void actions[act]([id])}
        />
      )}
      <span className={styles['figures']} data-tone={view.tone}>
        {error === null ? figures : errorText(error).text}
        {status === 'active' && speed > 0 && ` · ${rate(speed)}`}
      </span>
      {view.showsProgress && (
        <span className={styles['line']}>
          <ProgressLine
            label={t('list.progressOf', { name })}
            value={view.fraction}
            valueText={view.fraction === null ? statusName(status) : `${percent(view.fraction)}, ${figures}`}
            tone={view.tone === 'quiet' ? 'still' : view.tone}
          />
        </span>
      )}
      {more?.(download)}
    </li>
  )
}

const waysOn = {
  active: ['list.pauseNamed', Pause, 'pause'],
  paused: ['list.resumeNamed', Play, 'resume'],
  error: ['list.retryNamed', RotateCw, 'retry'],
} as const

export interface ViewLinkProps {
  readonly view: ViewChange
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A real link, so that it can be opened in another tab. */
export function ViewLink({ view, className, children }: ViewLinkProps) {
  return (
    <a
      href={hrefOf(view)}
      className={className}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        setView(view)
      }}
    >
      {children}
    </a>
  )
}
