import { statusError } from '../../core/answer.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ErrorCode, ErrorDetails } from '../../core/errors.ts'
import { comeBackHint } from '../../core/retry-policy.ts'
import { registryProblem } from '../../core/registry-problem.ts'
import type { RegistryProblem } from '../../core/registry-problem.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import { hidesWhatIsPrivate } from './registry-address.ts'

/** What was asked for, and as whom. */
export interface Asked {
  readonly registry: URL
  /** For people: `llama3.2:latest`. */
  readonly what: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** A login was shown. */
  readonly withLogin: boolean
  /** What to do where the login is missing or wrong. */
  readonly loginHint: string
}

const unknownCodes: ReadonlySet<string | null> = new Set(['MANIFEST_UNKNOWN', 'NAME_UNKNOWN'])

/** Why a registry did not give a manifest, in its own words where it has some. */
export function registryError(answer: ApiAnswer, asked: Asked): SluiceError {
  const { status } = answer
  const problem = registryProblem(answer.body.toString('utf8'))
  const details = detailsOf(answer, asked.now)
  const { registry, what, loginHint } = asked
  if (status === 404 || (status >= 400 && unknownCodes.has(problem.code))) {
    return new SluiceError('model-not-found', `Model or tag not found: ${what} at ${registry.host}.`, details)
  }
  if (status === 401) {
    return new SluiceError('http-unauthorized', unauthorized(asked, problem), { ...details, hint: loginHint })
  }
  if (status === 403 || problem.code === 'DENIED') {
    const either = hidesWhatIsPrivate(registry) && !asked.withLogin ? ' It may not exist, or be private.' : ''
    const sentence = withWords(`${registry.host} refuses access to ${what} (${status})`, problem)
    return new SluiceError('http-forbidden', `${sentence}${either}`, { ...details, hint: loginHint })
  }
  const verb = status >= 400 && status < 500 && status !== 429 ? 'refuses' : 'cannot give'
  const sentence = withWords(`${registry.host} ${verb} ${what} (${status})`, problem)
  const inItsWords = status < 500 && status !== 429 && status !== 408 && problem.words !== ''
  return new SluiceError(codeFor(answer, problem, asked.now), sentence, {
    ...(inItsWords ? { hint: 'The words after the colon are those of the registry.' } : {}),
    ...details,
    retry: statusError(status, undefined, asked.now).retry,
  })
}

/** Why a token server gave no token. */
export function tokenError(answer: ApiAnswer, realm: URL, asked: Asked): SluiceError {
  const { status } = answer
  const problem = registryProblem(answer.body.toString('utf8'))
  const details = detailsOf(answer, asked.now)
  if (status === 401 || status === 403 || (status === 400 && problem.code === 'INVALID_GRANT')) {
    const said = asked.withLogin ? 'does not accept the login for' : 'wants a login for'
    const sentence = withWords(
      `The token server ${realm.host} ${said} ${asked.what} at ${asked.registry.host} (${status})`,
      problem,
    )
    return new SluiceError('http-unauthorized', sentence, { ...details, hint: asked.loginHint })
  }
  const sentence = withWords(`The token server ${realm.host} gives no token (${status})`, problem)
  return new SluiceError(codeFor(answer, problem, asked.now), sentence, {
    hint: 'Without a token the registry does not answer; try later, or ask whoever runs it.',
    ...details,
  })
}

function unauthorized({ registry, what, withLogin }: Asked, problem: RegistryProblem): string {
  const either = `Model or tag not found, or private: ${what} at ${registry.host} (401)`
  const plain = `${registry.host} ${withLogin ? 'does not accept the login' : 'wants a login'} for ${what} (401)`
  return withWords(hidesWhatIsPrivate(registry) ? either : plain, problem)
}

function codeFor({ status }: ApiAnswer, problem: RegistryProblem, now: number): ErrorCode {
  if (status === 429 || problem.code === 'TOOMANYREQUESTS') return 'http-busy'
  const { code } = statusError(status, undefined, now)
  return code === 'http-busy' || code === 'http-server-error' || code === 'proxy' ? code : 'http-status'
}

/** With the time as a hint where it is longer than anybody waits. */
function detailsOf(answer: ApiAnswer, now: number): ErrorDetails {
  const { status } = answer
  const { retryAfter } = statusError(status, answer.headers.get('retry-after') ?? undefined, now)
  const hint = comeBackHint(retryAfter)
  return { status, ...(retryAfter === undefined ? {} : { retryAfter }), ...(hint === null ? {} : { hint }) }
}

function withWords(sentence: string, { words }: RegistryProblem): string {
  return words === '' ? `${sentence}.` : `${sentence}: ${words}`
}
