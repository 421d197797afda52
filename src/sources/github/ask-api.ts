import { asSluiceError, SluiceError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import type { GithubBases } from '../../core/github-url.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import type { ApiCache, KeptAnswer } from './api-cache.ts'
import { askGithub } from './attempt.ts'
import type { GithubAsking } from './attempt.ts'
import { githubError } from './github-error.ts'

/** A question to the API. */
export interface ApiQuestion<T> {
  readonly url: URL
  /** For people. */
  readonly what: string
  readonly maxBytes: number
  /** Makes sense of an answer; throws where it is none. */
  readonly read: (json: unknown, fromCache: boolean) => T
  /** The error for a 404. */
  readonly notFound: (withToken: boolean) => Promise<SluiceError>
  readonly signal: AbortSignal | undefined
}

export interface ApiReply<T> {
  readonly value: T
  readonly link: string | null
}

export interface GithubApi {
  ask<T>(question: ApiQuestion<T>): Promise<ApiReply<T>>
  /** What the cache has for that address, however old; null without. */
  kept<T>(url: URL, read: ApiQuestion<T>['read']): Promise<ApiReply<T> | null>
}

interface ApiOptions {
  readonly asking: GithubAsking
  readonly bases: GithubBases
  readonly cache: ApiCache
  readonly token: string | null
  readonly newGuard: () => (address: string, url: URL) => void
}

interface Kept<T> extends ApiReply<T> {
  readonly answer: KeptAnswer
}

/** Failures of the way to the API, not of the question: what is kept may stand in for the answer. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'rate-limited',
  'dns',
  'connect-refused',
  'connect-failed',
  'connect-timeout',
  'headers-timeout',
  'stalled',
  'connection-lost',
  'short-body',
  'bad-response',
  'proxy',
  'http-busy',
  'http-server-error',
  'not-the-file',
])

const fields = [
  ['Accept', 'application/vnd.github+json'],
  ['X-GitHub-Api-Version', '2022-11-28'],
] as const

/** Asks the API, with the token until the API refuses it; keeps good answers. Redirects are followed at the API's origin. */
export function openGithubApi({ asking, bases, cache, newGuard, ...options }: ApiOptions): GithubApi {
  const { origin, host } = new URL(bases.api)
  let { token } = options

  function checkHop(url: URL): void {
    if (url.origin === origin) return
    throw new SluiceError(
      'redirect-refused',
      `${host} redirects to ${url.host}, which is not the API that was asked.`,
      {
        hint: 'If that is the right place, put its address into SLUICE_GITHUB_API.',
      },
    )
  }

  async function readKept<T>(who: string | null, url: URL, read: ApiQuestion<T>['read']): Promise<Kept<T> | null> {
    const answer = await cache.read(url, who)
    if (answer === null) return null
    try {
      return { answer, link: answer.link, value: read(JSON.parse(answer.body), true) }
    } catch {
      // Damaged, or kept by another version of this program.
      return null
    }
  }

  async function keep(who: string | null, url: URL, answer: KeptAnswer): Promise<void> {
    const problem = await cache.write(url, who, answer)
    if (problem !== null) asking.onWarning(`The answer of ${host} could not be kept: ${problem.message}`)
  }

  async function send<T>(who: string | null, question: ApiQuestion<T>, kept: Kept<T> | null): Promise<ApiAnswer> {
    const { maxBytes, signal, url, what } = question
    const known = kept === null ? [] : [['If-None-Match', kept.answer.etag] as const]
    const authorization = who === null ? null : `Bearer ${who}`
    const all = { url, what, headers: [...fields, ...known], authorization, maxBytes, newGuard, checkHop, signal }
    // With something to fall back on, nobody has to wait for long.
    const retries = kept === null ? asking.retry.retries : Math.min(1, asking.retry.retries ?? 1)
    const answer = await askGithub(asking, all, { ...asking.retry, retries })
    const { status } = answer
    if (status === 200 || (status === 304 && kept !== null)) return answer
    if (status === 404) throw await question.notFound(who !== null)
    throw githubError(answer, { what, now: asking.now(), withToken: who !== null })
  }

  async function ask<T>(question: ApiQuestion<T>): Promise<ApiReply<T>> {
    const { read, url } = question
    const who = token
    const kept = await readKept(who, url, read)
    try {
      const answer = await send(who, question, kept)
      const savedAt = asking.now()
      if (answer.status === 304 && kept !== null) {
        await keep(who, url, { ...kept.answer, savedAt })
        return kept
      }
      const body = answer.body.toString('utf8')
      const link = answer.headers.get('link')
      const value = read(parse(body, host), false)
      const etag = answer.headers.get('etag')
      if (etag !== null && etag.length <= 256) await keep(who, url, { etag, link, body, savedAt })
      return { value, link }
    } catch (thrown) {
      const error = asSluiceError(thrown)
      if (error.code === 'http-unauthorized' && who !== null) {
        if (token === who) asking.onWarning(`${host} does not accept the token; it is asked without one.`)
        token = null
        return ask(question)
      }
      if (kept === null || !passing.has(error.code)) throw error
      const date = new Date(kept.answer.savedAt).toISOString().slice(0, 10)
      asking.onWarning(`${error.message} What it said on ${date} about ${question.what} is used.`)
      return kept
    }
  }

  return { ask, kept: (url, read) => readKept(token, url, read) }
}

function parse(body: string, host: string): unknown {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new SluiceError('bad-manifest', `${host} sent something that is no JSON.`, {
      hint: 'Nothing was written. Check SLUICE_GITHUB_API, if it is set.',
      cause,
    })
  }
}
