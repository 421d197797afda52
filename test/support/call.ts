import { request } from 'node:http'
import type { Agent, IncomingHttpHeaders } from 'node:http'

export interface CallOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** An object or array goes as JSON, a text or bytes as they are. */
  readonly body?: unknown
  /** Default: a connection of its own, so that no call meets one that died with a daemon. */
  readonly agent?: Agent
  /** Milliseconds, default 15,000. */
  readonly timeout?: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body read as JSON; throws where it is none. */
  json(): unknown
}

/** One HTTP request to a server on loopback, sent as it is: redirects are not followed and no status throws. */
export function call(origin: string, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  const { body, agent, timeout = 60_000 } = options
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const payload = isRaw ? body : JSON.stringify(body)
  const { hostname, port } = new URL(origin)
  const headers = {
    ...(isRaw ? {} : { 'content-type': 'application/json' }),
    ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
    ...options.headers,
  }
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers, agent: agent ?? false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (bytes: Buffer) => parts.push(bytes))
      response.once('error', reject)
      response.once('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: () => readJson(text, `${method} ${path} (${response.statusCode})`),
        })
      })
    })
    outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no answer to ${method} ${path} in ${timeout} ms`)))
    outgoing.once('error', reject)
    outgoing.end(payload)
  })
}

function readJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${what} is no JSON: ${text.slice(0, 200)}`, { cause: error })
  }
}
