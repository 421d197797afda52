import type { DownloadStatus } from '../../src/core/download-states.ts'
import type { Download } from '../../src/server/api-types.ts'
import { state as english } from '../i18n/en/state.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { languageState } from '../i18n/language.ts'

/** What a person reads about a failure. */
export interface ErrorText {
  /** One plain sentence. */
  readonly text: string
  /** What to do now; '' where there is nothing to say. */
  readonly hint: string
  /** The daemon's own words where they say more than `text`, '' otherwise. */
  readonly detail: string
}

type Verdict = NonNullable<Download['verdict']>

/**
 * A failure in the language of the page. The daemon's English sentence names hosts, sizes and files, so it is shown as it
 * is in English and comes as `detail` otherwise. Its hints speak of the command line; the page has its own.
 */
export function errorText(error: {
  readonly code: string
  readonly message: string
  readonly hint?: string
}): ErrorText {
  const { code, message, hint = '' } = error
  const own = known(`error-${code}`)
  const text = own === undefined || (languageState().language === 'en' && message !== '') ? message : own
  return { text, hint: resetHint(code, hint) ?? known(`hint-${code}`) ?? hint, detail: text === message ? '' : message }
}

/** When a limit ends stands in the daemon's hint alone. */
function resetHint(code: string, hint: string): string | undefined {
  const time = code === 'rate-limited' ? /\bresets at (\d\d:\d\d)\b/.exec(hint)?.[1] : undefined
  return time === undefined ? undefined : t('state.reset-rate-limited', { time: `\u2068${time}\u2069` })
}

export function statusName(status: DownloadStatus): string {
  return t(`state.status-${status}`)
}

export function verdictName(verdict: Verdict): string {
  return t(`state.verdict-${verdict}`)
}

/** Why a verdict is what it is. */
export function verdictReason(verdict: Verdict): string {
  return t(`state.why-${verdict}`)
}

/** Why a queued download does not start; '' where it just waits for its turn. */
export function waitingReason(waitingFor: Download['waitingFor']): string {
  return waitingFor === null ? '' : (known(`waiting-${waitingFor}`) ?? waitingFor)
}

/** Of a warning that is not about one download. */
export function warningText({ code, message }: { readonly code: string; readonly message: string }): string {
  return known(`warning-${code}`) ?? errorText({ code, message }).text
}

function known(name: string): string | undefined {
  return Object.hasOwn(english, name) ? t(`state.${name}` as Key) : undefined
}
