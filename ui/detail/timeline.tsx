import type { DownloadDetail } from '../../src/server/api-types.ts'
import { ago, clockTime, dateTime, isSameDay } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { timelineSteps } from './timeline-words.ts'
import type { Step } from './timeline-words.ts'
import styles from './timeline.module.css'

export interface TimelineProps {
  readonly timeline: DownloadDetail['timeline']
  readonly kind: string
  readonly now: number
}

/** What happened, in words, oldest first. */
export function Timeline({ timeline, kind, now }: TimelineProps) {
  const steps = timelineSteps(timeline, kind)
  return (
    <ol className={styles['steps']}>
      {steps.map((step) => (
        <li key={`${step.at} ${step.words}`} className={styles['step']} data-tone={step.tone}>
          <p>
            <time dateTime={step.at} className={styles['clock']} title={dateTime(step.at)}>
              {isSameDay(step.at, now) ? clockTime(step.at, { seconds: true }) : dateTime(step.at)}
            </time>{' '}
            {step.words}
            {step.times > 1 && ` (${timesText(step)})`}
          </p>
          <p className={styles['ago']}>{ago(step.lastAt, Math.max(now, Date.parse(step.lastAt)))}</p>
        </li>
      ))}
    </ol>
  )
}

function timesText({ times, lastAt }: Step): string {
  return t('detail.times', { count: times, time: clockTime(lastAt, { seconds: true }) })
}
