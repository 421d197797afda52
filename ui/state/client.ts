import { createClient } from '../../src/client/client.ts'
import type { Client } from '../../src/client/client.ts'
import { SluiceError } from '../../src/core/errors.ts'
import { createValue } from './value.ts'

const key = 'sluice.token'

/** The token of this tab, in memory too where storage is not allowed. Nothing of it goes to another address. */
const token = createValue<string | null>(stored())
let leaving = false

/** The daemon that serves this page. */
export const client: Client = createClient({ url: globalThis.location?.origin ?? 'http://127.0.0.1', fetch: send })

/** Takes the token for all requests from now on; the live data tries again at once. An empty one forgets it. */
export function setToken(next: string): void {
  const clean = next.trim()
  try {
    if (clean === '') sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, clean)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  // A token that is given twice is tried twice.
  token.set(null)
  token.set(clean === '' ? null : clean)
}

export const onToken = token.subscribe

/** Whether requests carry a token. Links that the browser follows never do. */
export function hasToken(): boolean {
  return token.get() !== null
}

/** Requests from now on outlive the page. */
export function leavePage(gone: boolean): void {
  leaving = gone
}

function stored(): string | null {
  try {
    return globalThis.sessionStorage?.getItem(key) ?? null
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

async function send(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  const given = token.get()
  if (given !== null) headers.set('Authorization', `Bearer ${given}`)
  const response = await reach(() => fetch(input, { ...init, headers, ...(leaving ? { keepalive: true } : {}) }))
  return response.body === null || Symbol.asyncIterator in response.body ? response : iterable(response, response.body)
}

/** Browsers tell no reason, each in words of its own, and there is only one address that they can mean. */
async function reach(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new SluiceError('connect-failed', 'The daemon does not answer.', { cause: error })
  }
}

/** Safari reads streams only by their reader. */
function iterable(response: Response, body: ReadableStream<Uint8Array<ArrayBuffer>>): Response {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    const reader = body.getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        yield value
      }
    } finally {
      await reader.cancel()
    }
  }
  Object.defineProperty(body, Symbol.asyncIterator, { value: pieces })
  return response
}
