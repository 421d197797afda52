import { statusError } from '../../core/answer.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ErrorDetails } from '../../core/errors.ts'
import type { GithubLimit } from '../../core/github-limit.ts'
import { registryProblem } from '../../core/registry-problem.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'

/** What was asked for, and as whom. */
export interface Asked {
  /** For people: `the release b6089 of ggml-org/llama.cpp`. */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly withToken: boolean
}

/** A limit that ends sooner than this, in seconds, is waited for. */
const longestWait = 60
const tokenHint = 'Set GITHUB_TOKEN to a token of GitHub for a higher limit.'

/** Why GitHub did not give what was asked for, in its own words where it has some. */
export function githubError(answer: ApiAnswer, { now, what, withToken }: Asked): SluiceError {
  const { headers, status, url } = answer
  const said = statusError(status, headers.get('retry-after') ?? undefined, now)
  const details: ErrorDetails = {
    status,
    retry: said.retry,
    ...(said.retryAfter === undefined ? {} : { retryAfter: said.retryAfter }),
  }
  const { words } = registryProblem(answer.body.toString('utf8'))
  const sentence = `${url.host} does not give ${what} (${status})${words === '' ? '.' : `: ${words}`}`
  if (status === 401) {
    const hint = withToken ? 'Check the token.' : 'Set GITHUB_TOKEN to a token that may read it.'
    return new SluiceError('http-unauthorized', sentence, { ...details, hint })
  }
  if (status === 403) {
    const hint = signOnHint(headers.get('x-github-sso')) ?? 'The token, or this network, may not read it.'
    return new SluiceError('http-forbidden', sentence, { ...details, hint })
  }
  const code = said.code === 'http-not-found' ? 'http-status' : said.code
  return new SluiceError(code, sentence, details)
}

/** A token that an organisation has not taken yet (GitHub docs, "Authenticating with SAML single sign-on"). */
function signOnHint(field: string | null): string | null {
  if (field === null || !/^\s*required\b/i.test(field)) return null
  const address = /url\s*=\s*(https:\/\/[\x21\x23-\x3a\x3d\x3f-\x7e]{1,500})/i.exec(field)?.[1]
  const where = address === undefined ? '.' : `: open ${address}`
  return `The organisation wants single sign-on for this token${where}`
}

/** What is told of a limit. A short one may be tried again: `retryAfter` has its seconds. */
export function limitError(
  limit: GithubLimit,
  answer: ApiAnswer,
  { now, withToken }: Omit<Asked, 'what'>,
): SluiceError {
  const { status, url } = answer
  const more = withToken ? '' : ` ${tokenHint}`
  if (limit.kind === 'primary') {
    const { resetAt } = limit
    return new SluiceError('rate-limited', `The rate limit of ${url.host} is used up.`, {
      hint: `${resetAt === null ? 'It is given anew each hour.' : `It resets ${clockWords(resetAt, now)}.`}${more}`,
      status,
      ...(resetAt === null ? {} : { retryAfter: secondsUntil(resetAt, now) }),
    })
  }
  const { seconds } = limit
  return new SluiceError('rate-limited', `${url.host} limits requests for now: too many came at once.`, {
    hint: `Try again in ${spanWords(seconds ?? longestWait)}.${more}`,
    status,
    retryAfter: seconds ?? longestWait,
    retry: seconds !== null && seconds <= longestWait ? 'backoff' : 'never',
  })
}

/** Whether an answer asks for a pause that nobody would wait for. */
export function asksTooMuch({ headers, status }: ApiAnswer, now: number): boolean {
  const { retryAfter } = statusError(status, headers.get('retry-after') ?? undefined, now)
  return status >= 500 && retryAfter !== undefined && retryAfter > longestWait
}

const secondsUntil = (at: number, now: number): number => Math.max(0, Math.ceil((at - now) / 1000))

/** `at 14:05, in 29 minutes`, by the clock on the user's wall. */
function clockWords(at: number, now: number): string {
  const time = new Date(at)
  const two = (number: number): string => String(number).padStart(2, '0')
  return `at ${two(time.getHours())}:${two(time.getMinutes())}, in ${spanWords(secondsUntil(at, now))}`
}

function spanWords(seconds: number): string {
  const [count, unit] = seconds < 120 ? [Math.max(1, seconds), 'second'] : [Math.ceil(seconds / 60), 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
