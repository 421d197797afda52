import type { DownloadDetail } from '../../src/server/api-types.ts'
import { ago, bytes, dateTime, duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { modelPlace } from '../state/model-place.ts'
import { waitingReason } from '../state/texts.ts'
import styles from './detail.module.css'

export interface ProgressFiguresProps {
  readonly detail: DownloadDetail
  readonly now: number
}

const places = {
  store: 'detail.inStore',
  zip: 'detail.inZip',
  folder: 'detail.inFolder',
  libraries: 'detail.inLibraries',
} as const

const gone = {
  store: 'detail.modelMissing',
  zip: 'detail.missing',
  folder: 'detail.missing',
  libraries: 'detail.librariesMissing',
} as const

/** How far it is and how long still; or what it waits for. */
export function ProgressFigures({ detail, now }: ProgressFiguresProps) {
  const { status, bytesDone, bytesTotal, speed, eta, missing } = detail
  const done = bytes(bytesDone)
  const hasFigures = status === 'active' || bytesDone > 0 || bytesTotal !== null
  const notes = waitingNotes(detail, now)
  const place = modelPlace(detail)
  return (
    <div className={styles['progress']}>
      <p className={styles['figures']}>
        {status !== 'completed' && hasFigures && (
          <span>
            {bytesTotal === null
              ? t('detail.doneOfUnknown', { done })
              : t('detail.doneOf', { done, total: bytes(bytesTotal) })}
          </span>
        )}
        {status === 'active' && <span>{rate(speed)}</span>}
        {status === 'active' && (
          <span>{eta === null ? t('detail.timeLeftUnknown') : t('detail.timeLeft', { time: duration(eta) })}</span>
        )}
        {status === 'completed' && <span>{done}</span>}
      </p>
      {place !== null && !missing && <p className={styles['note']}>{t(places[place])}</p>}
      {missing && (
        <p className={styles['note']} data-tone="danger">
          {t(place === null ? 'detail.missing' : gone[place])}
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className={styles['note']}>
          {note}
        </p>
      ))}
    </div>
  )
}

function waitingNotes({ status, waitingFor, startAt, retryAt }: DownloadDetail, now: number): string[] {
  const notes: string[] = []
  if (status === 'queued' && waitingFor === 'start-at' && startAt !== null) {
    notes.push(t('detail.waitStartAt', { ago: ago(startAt, now), time: dateTime(startAt) }))
  } else if (status === 'queued') notes.push(waitingReason(waitingFor) || t('detail.waitTurn'))
  if (retryAt !== null && status !== 'active') {
    notes.push(t('detail.retryAt', { ago: ago(retryAt, now), time: dateTime(retryAt) }))
  }
  return notes
}
