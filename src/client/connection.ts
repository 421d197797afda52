import { SluiceError } from '../core/errors.ts'
import { networkFailure, notSluice, problemFailure } from './failure.ts'

export interface ClientOptions {
  /** Address of the daemon, http or https; a path in front of `/api` is kept. */
  readonly url: string
  readonly token?: string
  /** Default: the global one. */
  readonly fetch?: typeof fetch
  /** Milliseconds for an answer as a whole; default 60,000. Exports and events have no such limit. */
  readonly timeout?: number
}

export interface Call {
  /** Values that are undefined are left out, lists become comma-separated. */
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Milliseconds in place of those of the client; Infinity for none. */
  readonly timeout?: number
}

export interface Connection {
  /** The answer's JSON; undefined for an empty one. */
  json(method: string, path: string, call?: Call): Promise<unknown>
  /** The answer once its head is there and not an error. */
  open(method: string, path: string, call?: Call): Promise<Response>
  /** The text of an answer as it comes. */
  pieces(response: Response): AsyncGenerator<string>
  /** For messages: without user information. */
  readonly address: string
}

const mostCharacters = 256 * 1024 * 1024

/** Sends requests to one daemon. Everything that goes wrong rejects with a SluiceError. */
export function createConnection(options: ClientOptions): Connection {
  const base = daemonUrl(options.url)
  const address = base.origin + base.pathname.replace(/\/$/, '')
  const send = options.fetch ?? fetch

  async function open(method: string, path: string, call: Call = {}): Promise<Response> {
    const { body, signal } = call
    const text = typeof body === 'string'
    const headers = {
      Accept: 'application/json',
      ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
      ...(body === undefined ? {} : { 'Content-Type': text ? 'text/plain; charset=utf-8' : 'application/json' }),
      ...call.headers,
    }
    let response: Response
    try {
      response = await send(address + path + queryText(call.query), {
        method,
        headers,
        // The token belongs to this address alone.
        redirect: 'manual',
        ...(body === undefined ? {} : { body: text ? body : JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
    } catch (error) {
      throw networkFailure(error, address)
    }
    if (response.ok) return response
    throw problemFailure(response.status, parsed(await readText(response)), address)
  }

  async function* pieces(response: Response): AsyncGenerator<string> {
    try {
      const decoder = new TextDecoder()
      for await (const chunk of response.body ?? []) yield decoder.decode(chunk, { stream: true })
      yield decoder.decode()
    } catch (error) {
      throw networkFailure(error, address)
    }
  }

  async function readText(response: Response): Promise<string> {
    let text = ''
    for await (const piece of pieces(response)) {
      text += piece
      if (text.length > mostCharacters) throw notSluice('an endless answer', address)
    }
    return text
  }

  return {
    address,
    open,
    pieces,
    async json(method, path, call = {}) {
      const timeout = call.timeout ?? options.timeout ?? 60_000
      const signals = [
        ...(timeout === Infinity ? [] : [AbortSignal.timeout(timeout)]),
        ...(call.signal === undefined ? [] : [call.signal]),
      ]
      const text = await readText(await open(method, path, { ...call, signal: AbortSignal.any(signals) }))
      if (text === '') return undefined
      const value = parsed(text)
      if (value === undefined) throw notSluice('no JSON', address)
      return value
    },
  }
}

function daemonUrl(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) {
    if (url.username === '' && url.password === '') return url
    throw new SluiceError('usage', 'The address of the daemon cannot carry user and password.', {
      hint: 'Give the token with SLUICE_TOKEN.',
    })
  }
  throw new SluiceError('bad-url', 'The address of the daemon is not one that begins with http:// or https://.')
}

function queryText(query: Call['query'] = {}): string {
  const given = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) given.set(name, String(value))
  }
  return given.size === 0 ? '' : `?${given.toString()}`
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
