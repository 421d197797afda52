import type { Key } from '../i18n/index.ts'
import type { Happening } from './live-reducer.ts'

export interface NotifierParts {
  /** Nobody looks at the page. */
  readonly isAway: () => boolean
  readonly wants: (what: 'notifications' | 'sound') => boolean
  readonly show: (notice: { readonly title: string; readonly body: string; readonly tag: string }) => void
  readonly beep: (mood: 'good' | 'bad') => void
  readonly after: (ms: number, callback: () => void) => void
  readonly t: (key: Key, params?: Readonly<Record<string, string | number>>) => string
}

/** Ends within this time, ms, are told together. */
const together = 1000
/** More than these become one notice. */
const few = 3

/** Tells of ends outside of the page, each once. Takes every happening of the live store. */
export function createNotifier({ isAway, wants, show, beep, after, t }: NotifierParts): (happening: Happening) => void {
  let waiting: Happening[] = []

  function tell(): void {
    const ended = waiting
    waiting = []
    const failed = ended.filter(({ type }) => type === 'failed').length
    if (wants('sound')) beep(failed === ended.length ? 'bad' : 'good')
    if (!wants('notifications') || !isAway()) return
    if (ended.length > few) {
      const body = t('state.notice-sum', { completed: ended.length - failed, failed })
      show({ title: t('state.notice-many', { count: ended.length }), body, tag: 'sluice' })
      return
    }
    for (const { type, download } of ended) {
      const title = t(type === 'failed' ? 'state.notice-failed' : 'state.notice-completed')
      // Of several tabs that tell the same the browser shows one.
      show({ title, body: download.filename, tag: `sluice ${download.id} ${type}` })
    }
  }

  return (happening) => {
    if (happening.type !== 'completed' && happening.type !== 'failed') return
    waiting.push(happening)
    if (waiting.length === 1) after(together, tell)
  }
}
