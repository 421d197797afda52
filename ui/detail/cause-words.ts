import { duration } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'

/** What kind of trouble a message of the daemon tells of. */
export type CauseKind = 'refusal' | 'loss' | 'other'

export interface Cause {
  readonly kind: CauseKind
  /** A part of a sentence in the language shown; the daemon's own words where it is not known. */
  readonly words: string
}

interface Rule {
  readonly pattern: RegExp
  readonly key: Key
  readonly kind: CauseKind
}

const rule = (kind: CauseKind, key: Key, pattern: RegExp): Rule => ({ kind, key, pattern })

/** Groups that patterns may name: `host`, `status`, `seconds`. The first that fits counts. */
const rules: readonly Rule[] = [
  rule('refusal', 'detail.causeLimits', /^The server answered 429\b/),
  rule('refusal', 'detail.causeBusy', /^The server answered 503\b/),
  rule('refusal', 'detail.causeLogin', /^The server answered 401\b/),
  rule('refusal', 'detail.causeForbidden', /^The server answered 403\b/),
  rule('other', 'detail.causeMissing', /^The server answered (?<status>404|410)\b/),
  rule('loss', 'detail.causeProblem', /^The server answered (?<status>5\d\d)\b/),
  rule('other', 'detail.causeStatus', /^The server answered (?<status>\d{3})\b/),
  rule('refusal', 'detail.causeRefused', /^(?<host>\S+) refused the connection\.$/),
  rule('loss', 'detail.causeSilent', /^(?<host>\S+) sent nothing for (?<seconds>[\d.]+) s\.$/),
  rule(
    'refusal',
    'detail.causeNoAnswer',
    /^(?<host>\S+) did not (?:begin to answer|accept a connection|finish setting up TLS) within (?<seconds>[\d.]+) s\.$/,
  ),
  rule('loss', 'detail.causeShort', /^(?<host>\S+) (?:announced \d+ bytes and sent|ended before all announced)/),
  rule('loss', 'detail.causeLost', /^(?<host>\S+) closed the connection\b/),
  rule('loss', 'detail.causeLost', /^The connection to (?<host>\S+) was (?:closed|lost|cut)\b/),
  rule('refusal', 'detail.causeNoConnection', /^No connection to (?<host>\S+): /),
  rule('loss', 'detail.causeName', /^The address of (?<host>\S+) was not found\b/),
  rule('other', 'detail.causeMirror', /^(?<host>\S+) has another file\b/),
  rule('other', 'detail.causeChanged', /^The file at the server (?:now has|is no longer)\b/),
  rule('other', 'detail.causeDigest', /^The file has \w+ [0-9a-f]+, expected was\b/),
  rule('other', 'detail.causeNoRange', /^The server sent the whole file where\b/),
]

/** The words for why something happened, from the sentence that the daemon noted. */
export function causeOf(message: string): Cause {
  for (const { pattern, key, kind } of rules) {
    const match = pattern.exec(message)
    if (match) return { kind, words: t(key, paramsOf(match.groups ?? {})) }
  }
  return { kind: 'other', words: isolated(message.replace(/\.$/, '')) }
}

function paramsOf({ host, status, seconds }: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return {
    ...(host === undefined ? {} : { host: isolated(host) }),
    ...(status === undefined ? {} : { status }),
    ...(seconds === undefined ? {} : { time: duration(Number(seconds)) }),
  }
}

/** Text of another direction that leaves the sentence around it as it is. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`
}
