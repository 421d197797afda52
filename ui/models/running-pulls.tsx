import type { ReactNode } from 'react'
import { useNow } from '../detail/use-now.ts'
import { bytes, duration, percent, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { rowView } from '../list/row-view.ts'
import { StateBadge } from '../list/state-badge.tsx'
import { Button, IconButton } from '../parts/button.tsx'
import { Pause, Play, RotateCw, X } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { actions } from '../state/actions.ts'
import { hrefOf, noFilters, setView } from '../state/address.ts'
import type { ViewChange } from '../state/address.ts'
import { useDownload } from '../state/live.ts'
import { errorText, statusName } from '../state/texts.ts'
import { tabStatuses } from '../state/view.ts'
import styles from './models.module.css'
import { useRunningPulls } from './use-running-pulls.ts'
import { useUnzipping } from './use-unzip.ts'

const shown = 4

/** What will be in the list soon: pulls that are on their way, and a zip that is being installed. */
export function RunningPulls() {
  const ids = useRunningPulls()
  const unzipping = useUnzipping()
  if (ids.length === 0 && unzipping === null) return null
  return (
    <section aria-label={t('models.running')} className={styles['pulls']}>
      <ul>
        {unzipping !== null && (
          <Job name={unzipping.file.split('/').at(-1) ?? ''} since={unzipping.since} onStop={unzipping.stop} />
        )}
        {ids.slice(0, shown).map((id) => (
          <PullItem key={id} id={id} />
        ))}
      </ul>
      {ids.length > 0 && (
        <Link view={{ ...noFilters, page: 'downloads', tab: 'active', type: 'model' }}>
          {t('models.showPulls', { count: ids.length })}
        </Link>
      )}
    </section>
  )
}

function PullItem({ id }: { readonly id: string }) {
  const download = useDownload(id)
  if (download === undefined) return null
  const { filename: name, status, bytesDone, bytesTotal, speed, error } = download
  const view = rowView(download)
  const figures = bytesTotal === null ? '' : t('detail.doneOf', { done: bytes(bytesDone), total: bytes(bytesTotal) })
  const tab = tabStatuses.queue.includes(status) ? 'queue' : 'active'
  const [label, Icon, act] = waysOn[status === 'paused' || status === 'error' ? status : 'active']
  return (
    <li className={styles['pull-row']}>
      <Link view={{ ...noFilters, page: 'downloads', tab, selected: id }} className={styles['pull-name']}>
        <MiddleText text={name} />
      </Link>
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
    </li>
  )
}

const waysOn = {
  active: ['list.pauseNamed', Pause, 'pause'],
  paused: ['list.resumeNamed', Play, 'resume'],
  error: ['list.retryNamed', RotateCw, 'retry'],
} as const

interface JobProps {
  readonly name: string
  readonly since: number
  readonly onStop: () => void
}

function Job({ name, since, onStop }: JobProps) {
  const now = useNow(1000)
  const time = duration(Math.max(0, (now - since) / 1000))
  return (
    <li className={styles['pull-row']}>
      <span className={styles['pull-name']}>
        <MiddleText text={name} />
      </span>
      <Button size="small" icon={<X aria-hidden="true" />} onClick={onStop}>
        {t('common.cancel')}
      </Button>
      <span className={styles['figures']}>{t('models.unzippingFor', { time })}</span>
      <span className={styles['line']}>
        <ProgressLine label={t('models.unzipping', { file: name })} value={null} valueText={time} />
      </span>
    </li>
  )
}

interface LinkProps {
  readonly view: ViewChange
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A real link, so that it can be opened in another tab. */
function Link({ view, className, children }: LinkProps) {
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
