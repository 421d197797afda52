import { ago, dateTime, duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { errorText, waitingReason } from '../state/texts.ts'
import type { ModelPlace } from '../state/model-place.ts'
import type { Note } from './row-view.ts'
import styles from './row.module.css'
import { useNow } from './use-now.ts'

const places = {
  store: 'list.noteInStore',
  zip: 'list.noteInZip',
  folder: 'list.noteInFolder',
  libraries: 'list.noteInLibraries',
} as const

const gone = {
  store: 'list.noteModelMissing',
  zip: 'list.noteMissing',
  folder: 'list.noteMissing',
  libraries: 'list.noteLibrariesMissing',
} as const

/** What a row tells besides its figures; an error with its hint. */
export function NoteText({ note }: { readonly note: Note }) {
  switch (note.kind) {
    case 'error':
      return <ErrorNote note={note} />
    case 'missing':
      return <span data-tone="danger">{t(note.place === null ? 'list.noteMissing' : gone[note.place])}</span>
    case 'waiting':
      return <WaitingNote note={note} />
    case 'retry':
      return (
        <span data-tone="warning">
          <Ahead at={note.retryAt} text={(when) => t('list.noteRetry', { when })} />
        </span>
      )
    case 'attempt':
      return <span data-tone="warning">{t('list.noteAttempt', { attempt: note.count, most: note.most })}</span>
    case 'connections':
      return <span>{t('list.noteConnections', { count: note.count })}</span>
    case 'no-size':
      return <span>{t('list.noteNoSize')}</span>
    case 'completed':
      return (
        <>
          {note.place !== null && <PlaceText place={note.place} />}
          <span>{t('list.noteTook', { time: duration(note.seconds), rate: rate(note.speed) })}</span>
        </>
      )
    default:
      return note satisfies never
  }
}

export function PlaceText({ place }: { readonly place: ModelPlace }) {
  return <span>{t(places[place])}</span>
}

function ErrorNote({ note: { error, retryAt } }: { readonly note: Extract<Note, { kind: 'error' }> }) {
  const { text, hint, detail } = errorText(error)
  return (
    <span title={[text, hint, detail].filter((one) => one !== '').join(' ')}>
      <span data-tone="danger">{text}</span>{' '}
      {retryAt === null ? (
        <span className={styles['hint']}>{hint}</span>
      ) : (
        <Ahead at={retryAt} text={(when) => t('list.noteRetry', { when })} />
      )}
    </span>
  )
}

function WaitingNote({ note: { reason, startAt } }: { readonly note: Extract<Note, { kind: 'waiting' }> }) {
  if (reason !== 'start-at' || startAt === null) return <span data-tone="warning">{waitingReason(reason)}</span>
  return <Ahead at={startAt} text={(when) => t('list.noteStartAt', { when })} />
}

interface AheadProps {
  readonly at: number
  readonly text: (when: string) => string
}

function Ahead({ at, text }: AheadProps) {
  const now = useNow()
  return <span title={moment(at)}>{text(ago(new Date(at).toISOString(), Math.min(now, at - 1000)))}</span>
}

/** A time as how long ago it was; the time itself on hover. */
export function When({ at }: { readonly at: number }) {
  const now = useNow()
  return (
    <time dateTime={new Date(at).toISOString()} title={moment(at)}>
      {ago(new Date(at).toISOString(), Math.max(now, at))}
    </time>
  )
}

function moment(at: number): string {
  return dateTime(new Date(at).toISOString())
}
