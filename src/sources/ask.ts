import type { ApiAnswer } from '../wire/api-answer.ts'
import type { ApiClient } from '../wire/api-request.ts'
import { withRetries } from '../wire/api-retry.ts'
import type { RetryOptions } from '../wire/api-retry.ts'
import { isRedirect, nextHop } from '../wire/redirects.ts'

type Fields = ReadonlyArray<readonly [name: string, value: string]>
type Guard = (address: string, url: URL) => void

/** How requests are sent. */
export interface Asking {
  readonly api: ApiClient
  readonly retry: RetryOptions
}

export interface Question {
  readonly url: URL
  readonly headers: Fields
  /** The Authorization field for the origin of `url`, null for none; a redirect elsewhere loses it for good. */
  readonly authorization: string | null
  /** Whether an origin that a redirect leads to may have the field too; default: none. */
  readonly mayFollow?: (url: URL) => boolean
  /** Throws for an address that must not be asked at all; default: any may be. */
  readonly checkHop?: (url: URL) => void
  readonly maxBytes: number
  /** A guard for one chain of redirects. */
  readonly newGuard: () => Guard
  readonly signal: AbortSignal | undefined
}

/**
 * GETs an address, follows at most 10 redirects by hand, never from https to http, and tries again after what may pass.
 * Gives any answer that is no redirect; its `url` is where it came from.
 */
export function askFor(asking: Asking, question: Question): Promise<ApiAnswer> {
  return withRetries(() => askOnce(asking.api, question), asking.retry, question.signal)
}

/** The same in one attempt. */
export async function askOnce(api: ApiClient, question: Question): Promise<ApiAnswer> {
  const { authorization, maxBytes, mayFollow = () => false, signal } = question
  const guard = question.newGuard()
  const history: URL[] = []
  let mayHave = true
  for (let url = question.url; ;) {
    mayHave &&= url.origin === question.url.origin || mayFollow(url)
    const secret: Fields = authorization !== null && mayHave ? [['Authorization', authorization]] : []
    const headers = [...question.headers, ...secret]
    const answer = await api.request({ method: 'GET', url, headers, maxBytes, guard, signal })
    if (!isRedirect(answer.status)) return answer
    const next = nextHop(url, { status: answer.status, fields: answer.headers.fields }, history, {
      allowDowngrade: false,
    })
    question.checkHop?.(next)
    history.push(url)
    url = next
  }
}

/** POSTs a form; a redirect is an answer like others. Tries again after what may pass. */
export function postForm(
  asking: Asking,
  form: URLSearchParams,
  { url, headers, maxBytes, newGuard, signal }: Omit<Question, 'authorization' | 'mayFollow' | 'checkHop'>,
): Promise<ApiAnswer> {
  const type: Fields = [['Content-Type', 'application/x-www-form-urlencoded']]
  const request = {
    method: 'POST',
    url,
    headers: [...headers, ...type],
    body: form.toString(),
    maxBytes,
    signal,
  } as const
  return withRetries(() => asking.api.request({ ...request, guard: newGuard() }), asking.retry, signal)
}
