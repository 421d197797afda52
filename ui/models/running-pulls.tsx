import { useNow } from '../detail/use-now.ts'
import { duration } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { RunningItem, ViewLink } from '../installed/running-item.tsx'
import { useRunning } from '../installed/use-running.ts'
import { Button } from '../parts/button.tsx'
import { X } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { noFilters } from '../state/address.ts'
import { useUnzipping } from './use-unzip.ts'

const shown = 4

/** What will be in the list soon: pulls that are on their way, and a zip that is being installed. */
export function RunningPulls() {
  const ids = useRunning('model')
  const unzipping = useUnzipping()
  if (ids.length === 0 && unzipping === null) return null
  return (
    <section aria-label={t('models.running')} className={styles['pulls']}>
      <ul>
        {unzipping !== null && (
          <Job name={unzipping.file.split('/').at(-1) ?? ''} since={unzipping.since} onStop={unzipping.stop} />
        )}
        {ids.slice(0, shown).map((id) => (
          <RunningItem key={id} id={id} />
        ))}
      </ul>
      {ids.length > 0 && (
        <ViewLink view={{ ...noFilters, page: 'downloads', tab: 'active', type: 'model' }}>
          {t('models.showPulls', { count: ids.length })}
        </ViewLink>
      )}
    </section>
  )
}

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
