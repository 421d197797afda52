import type { DownloadDetail } from '../../src/server/api-types.ts'
import { rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { errorText } from '../state/texts.ts'
import { causeOf, isolated } from './cause-words.ts'

type Entry = DownloadDetail['timeline'][number]

/** How much a step should be noticed. */
export type Tone = 'plain' | 'good' | 'warning' | 'error'

export interface Step {
  /** ISO 8601; of the first, where several alike followed each other. */
  readonly at: string
  readonly lastAt: string
  readonly times: number
  readonly tone: Tone
  readonly words: string
}

/**
 * The daemon's timeline as sentences in the language shown, oldest first; steps alike in a row are one. Libraries have
 * other phases than models.
 */
export function timelineSteps(timeline: readonly Entry[], kind = 'model'): Step[] {
  const steps: Step[] = []
  let begun = false
  for (const [index, entry] of timeline.entries()) {
    const { at, event } = entry
    if (isPassing(entry, timeline[index + 1])) continue
    const words = sentence(entry, begun, kind === 'llama' ? phasesOfLlama : phases)
    begun ||= event === 'active'
    const before = steps.at(-1)
    if (before?.words === words) steps[steps.length - 1] = { ...before, lastAt: at, times: before.times + 1 }
    else steps.push({ at, lastAt: at, times: 1, tone: tones[event] ?? 'plain', words })
  }
  return steps
}

/** What took no time worth telling: adding is a step, not three. */
function isPassing({ at, event }: Entry, next: Entry | undefined): boolean {
  if (next === undefined || (event !== 'created' && event !== 'validating')) return false
  return Date.parse(next.at) - Date.parse(at) < 2000
}

const tones: Readonly<Record<string, Tone>> = {
  completed: 'good',
  error: 'error',
  retry: 'warning',
  warning: 'warning',
}

function sentence({ event, detail = '' }: Entry, begun: boolean, phasesOfKind: typeof phases): string {
  switch (event) {
    case 'created':
      return t('detail.didAdd')
    case 'validating':
      return t('detail.didCheck')
    case 'queued':
      return queued(detail, begun)
    case 'active':
      return t(begun ? 'detail.didGoOn' : 'detail.didStart')
    case 'paused':
      return begun || detail !== ''
        ? because('detail.didPause', 'detail.didPauseBecause', detail)
        : t('detail.didAddPaused')
    case 'completed':
      return t('detail.didComplete')
    case 'error':
      return because('detail.didFail', 'detail.didFailBecause', detail)
    case 'cancelled':
      return t('detail.didCancel')
    case 'phase':
      return phasesOfKind[detail] === undefined ? isolated(detail) : t(phasesOfKind[detail])
    case 'release':
      return t('detail.didFind', { detail: isolated(detail) })
    case 'resume':
      return t('detail.didResume')
    case 'retry':
      return because('detail.didRetry', 'detail.didRetryBecause', detail)
    case 'warning':
      return warned(detail)
    case 'connections-capped':
      return capped(detail)
    case 'redirected':
      return t('detail.didRedirect', { host: isolated(detail) })
    case 'moved':
      return t('detail.didMove', { path: isolated(detail) })
    case 'priority':
      return t('detail.didPriority', { count: Number(detail) })
    case 'limit':
      return Number(detail) > 0 ? t('detail.didLimit', { rate: rate(Number(detail)) }) : t('detail.didLimitLift')
    default:
      return isolated(detail === '' ? event : `${event}: ${detail}`)
  }
}

/** Steps of the pull of a model. */
const phases: Readonly<Record<string, Key>> = {
  resolving: 'detail.didResolve',
  checking: 'detail.didLook',
  downloading: 'detail.didFetch',
  writing: 'detail.didWrite',
}

/** The same of libraries. */
const phasesOfLlama: Readonly<Record<string, Key>> = {
  resolving: 'detail.didFindRelease',
  downloading: 'detail.didFetch',
  unpacking: 'detail.didUnpack',
  probing: 'detail.didProbe',
}

/** What the manager notes when it puts a download back. */
const reasons: Readonly<Record<string, Key>> = {
  'by itself': 'detail.didRetryItself',
  'the daemon was stopped': 'detail.didQueueStopped',
  'the disk is nearly full': 'detail.didQueueLowDisk',
  'fewer downloads at once': 'detail.didQueueFewer',
  'the settings changed': 'detail.didQueueSettings',
}

function queued(detail: string, begun: boolean): string {
  const reason = reasons[detail]
  if (reason !== undefined) return t(reason)
  if (detail === '' && !begun) return t('detail.didAdd')
  return because('detail.didQueue', 'detail.didQueueBecause', detail)
}

function warned(detail: string): string {
  if (detail === '') return t('detail.didWarn')
  const { kind, words } = causeOf(detail)
  if (kind === 'refusal') return t('detail.didRefuse', { cause: words })
  if (kind === 'loss') return t('detail.didLoseOne', { cause: words })
  return words
}

/** The server took no further connection: its status, or the code of the error with blanks, stands in the sentence. */
function capped(detail: string): string {
  const [, why = '', number] = /\((.+)\): staying at (\d+)\.$/.exec(detail) ?? []
  if (number === undefined) return isolated(detail)
  const known = /^\d+$/.test(why) ? '' : errorText({ code: why.replaceAll(' ', '-'), message: '' }).text
  const cause = known === '' ? isolated(why) : known.replace(/\.$/, '')
  return t('detail.didCap', { cause, count: Number(number) })
}

function because(alone: Key, withCause: Key, detail: string): string {
  return detail === '' ? t(alone) : t(withCause, { cause: causeOf(detail).words })
}
