import { errorKinds, SluiceError } from '../../core/errors.ts'
import { readLimit } from '../../core/github-limit.ts'
import { registryProblem } from '../../core/registry-problem.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import type { RetryOptions } from '../../wire/api-retry.ts'
import { withRetries } from '../../wire/api-retry.ts'
import { askOnce } from '../ask.ts'
import type { Asking, Question } from '../ask.ts'
import { asksTooMuch, githubError, limitError } from './github-error.ts'
import type { Asked } from './github-error.ts'

export interface GithubQuestion extends Question {
  /** For people: what is asked for. */
  readonly what: string
  /** Throws for an answer that a new attempt from the beginning may better. */
  readonly judge?: (answer: ApiAnswer, asked: Asked) => void
}

/** Where answers are asked for, and who hears of waits. */
export interface GithubAsking extends Asking {
  readonly now: () => number
  readonly onWarning: (sentence: string) => void
}

/**
 * GETs an address and follows its redirects; what may pass is tried again, limits that end within a minute too. A web
 * page in place of an answer is an error that may pass. Gives any other answer.
 */
export function askGithub(asking: GithubAsking, question: GithubQuestion, retry?: RetryOptions): Promise<ApiAnswer> {
  return withRetries(() => attempt(asking, question), retry ?? asking.retry, question.signal).catch(
    (error: unknown) => {
      throw withTlsHint(error)
    },
  )
}

async function attempt(asking: GithubAsking, question: GithubQuestion): Promise<ApiAnswer> {
  const answer = await askOnce(asking.api, question)
  const asked = { what: question.what, now: asking.now(), withToken: question.authorization !== null }
  const { headers, status, url } = answer
  const { words } = registryProblem(status === 403 ? answer.body.toString('utf8') : '')
  const limit = readLimit(status, headers.get, words, asked.now)
  if (limit !== null) {
    const error = limitError(limit, answer, asked)
    if (error.retryable) asking.onWarning(`${url.host} asks for a pause of ${error.retryAfter} s.`)
    throw error
  }
  if (asksTooMuch(answer, asked.now)) {
    const { code, message, hint, retryAfter } = githubError(answer, asked)
    const details = { hint, status, retry: 'never' } as const
    throw new SluiceError(code, message, retryAfter === undefined ? details : { ...details, retryAfter })
  }
  if (status === 200 && isWebPage(answer)) {
    throw new SluiceError('not-the-file', `${url.host} sent a web page in place of ${question.what}.`, {
      hint: 'A proxy or a login page may stand in between; open the address in a browser, or try later.',
      retry: 'backoff',
    })
  }
  question.judge?.(answer, asked)
  return answer
}

function isWebPage({ body, headers }: ApiAnswer): boolean {
  const type = headers.get('content-type') ?? ''
  return (
    /^\s*(?:text\/html|application\/xhtml)/i.test(type) ||
    /^\s*<(?:!doctype|html)/i.test(body.toString('latin1', 0, 200))
  )
}

function withTlsHint(error: unknown): unknown {
  if (!(error instanceof SluiceError) || error.code !== 'tls' || error.hint !== errorKinds.tls.hint) return error
  return new SluiceError('tls', error.message, {
    hint: 'If a proxy of your network opens TLS, give its certificate with --cacert or NODE_EXTRA_CA_CERTS.',
    cause: error,
  })
}
