import { asSluiceError, SluiceError } from '../core/errors.ts'
import { collectAnswer } from './api-answer.ts'
import type { ApiAnswer } from './api-answer.ts'
import { openLine } from './api-line.ts'
import type { Line } from './api-line.ts'
import { defaultUserAgent } from './credentials.ts'
import { originOf } from './origin.ts'
import { proxyExchange } from './proxy-exchange.ts'
import { isForwarded, proxyAuthorization, proxyServer, refusal } from './proxy-tunnel.ts'
import { chooseProxy, parseProxyUrl } from './proxy.ts'
import { requestHead } from './request-head.ts'
import { loadTls } from './tls-settings.ts'
import type { TlsSettings } from './tls-settings.ts'
import type { WireOptions } from './types.ts'

type Fields = ReadonlyArray<readonly [name: string, value: string]>

/** One request for a small answer: a token, a manifest, a list of releases. */
export interface ApiRequest {
  readonly method: 'GET' | 'HEAD' | 'POST'
  /** http: or https:, without user information and fragment. */
  readonly url: URL
  /** `User-Agent` and `Accept` are added where they are not given; `Accept-Encoding` is always `identity`. */
  readonly headers?: Fields
  readonly body?: string
  /** Most bytes of the body of a 2xx answer. */
  readonly maxBytes: number
  /**
   * Judges the connected address before a byte is sent, on a reused connection too; '' through a proxy. One for each
   * chain of requests that lead to each other: see `makeAddressPolicy`.
   */
  readonly guard?: (address: string, url: URL) => void
  readonly signal?: AbortSignal | undefined
}

/** Small requests with whole answers in memory. */
export interface ApiClient {
  /**
   * Sends one request and gives any answer with its whole body; redirects are answers like others. Errors:
   * `answer-too-large` (a 2xx answer above `maxBytes`), `bad-encoding`, `interrupted` (the signal), `private-address`
   * (the guard), and those of the network as `WireClient.get` has them. Never tries again.
   */
  request(request: ApiRequest): Promise<ApiAnswer>
  /** Closes idle connections and refuses new requests; running ones end as they would have. */
  close(): void
}

export interface ApiClientOptions extends Omit<WireOptions, 'readSize'> {
  /** As --proxy: an empty one means none, undefined leaves it to the environment. */
  readonly proxy?: string | undefined
  /** For the proxy variables; default: none of them. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly userAgent?: string | undefined
  /** Milliseconds for one whole request, however busy its answer looks; default 120_000. */
  readonly totalTimeout?: number
}

/**
 * A client for APIs and registries, by undici: HTTP/1.1, one request at a time on a connection, connections kept for a
 * few seconds. Throws `usage` for a proxy address that is none.
 */
export function createApiClient(options: ApiClientOptions = {}): ApiClient {
  const limits = {
    headersTimeout: options.headersTimeout ?? 60_000,
    stallTimeout: options.stallTimeout ?? 30_000,
    totalTimeout: options.totalTimeout ?? 120_000,
  }
  const settings = {
    family: options.family ?? 0,
    connectTimeout: options.connectTimeout ?? 30_000,
    tlsTimeout: options.tlsTimeout ?? 30_000,
    tls: (): TlsSettings => (tls ??= loadTls(options.ca, options.insecure === true)),
  }
  const idle = new Map<string, Line[]>()
  let tls: TlsSettings | undefined
  let open = true
  if (options.proxy !== undefined && options.proxy !== '') parseProxyUrl(options.proxy, '--proxy')

  function kept(key: string): Line | undefined {
    const lines = idle.get(key)?.filter((line) => line.alive) ?? []
    const line = lines.pop()
    if (lines.length > 0) idle.set(key, lines)
    else idle.delete(key)
    return line
  }

  function keep(line: Line): void {
    if (open && line.alive) idle.set(line.key, [...(idle.get(line.key) ?? []), line])
    else line.close()
  }

  return {
    async request(request) {
      if (!open) throw new SluiceError('interrupted', 'The client was closed.')
      if (request.signal?.aborted === true) throw interrupted(request.signal)
      const headers = fieldsOf(request.headers ?? [], options.userAgent ?? defaultUserAgent)
      requestHead({ url: request.url, headers })
      const proxyUrl = chooseProxy(request.url, options.proxy, options.env ?? {})
      const proxy = proxyUrl === null ? null : proxyServer(proxyUrl)
      const key = `${request.url.origin} ${proxyUrl?.href ?? ''}`
      const { Client } = await import('undici')
      const line = kept(key) ?? openLine(Client, key, originOf(request.url), proxy, settings)
      const collector = collectAnswer(request, () => line.address)
      const isOver = runOn(line, { ...request, headers }, collector, limits)
      try {
        return await collector.answer
      } finally {
        isOver()
        if (collector.whole) keep(line)
        else line.close()
      }
    },
    close() {
      open = false
      for (const line of [...idle.values()].flat()) line.close()
      idle.clear()
    },
  }
}

/** Sends the request; its answer goes to the collector. The returned function ends what is left of it. */
function runOn(
  line: Line,
  request: ApiRequest & { readonly headers: Fields },
  collector: ReturnType<typeof collectAnswer>,
  limits: { readonly headersTimeout: number; readonly stallTimeout: number; readonly totalTimeout: number },
): () => void {
  const { url, signal, headers, method, guard } = request
  const origin = originOf(url)
  const forwarder = line.proxy !== null && isForwarded(line.proxy, origin.secure) ? line.proxy : null
  const exchange = proxyExchange({ url, headers }, collector, {
    ...limits,
    place: origin.place,
    readSize: () => Number.POSITIVE_INFINITY,
    refusal: (status) => (forwarder !== null && status === 407 ? refusal(forwarder, origin, status) : undefined),
    over: () => undefined,
  })
  const late = setTimeout(() => {
    const limit = limits.totalTimeout / 1000
    exchange.fail(new SluiceError('stalled', `${origin.place} did not finish its answer within ${limit} s.`))
  }, limits.totalTimeout)
  const stop = (): void => exchange.fail(interrupted(signal))
  signal?.addEventListener('abort', stop)
  try {
    line.send(
      {
        path: forwarder === null ? url.pathname + url.search : url.href,
        method,
        headers: fieldList(headers, forwarder === null ? undefined : proxyAuthorization(forwarder)),
        body: request.body ?? null,
      },
      (address) => guard?.(address, url),
      exchange.handler,
    )
  } catch (error) {
    exchange.fail(asSluiceError(error))
  }
  return () => {
    clearTimeout(late)
    signal?.removeEventListener('abort', stop)
    if (!collector.whole) exchange.abort()
  }
}

function interrupted(signal: AbortSignal | undefined): SluiceError {
  const reason: unknown = signal?.reason
  return reason instanceof SluiceError
    ? reason
    : new SluiceError('interrupted', 'The request was interrupted.', { cause: reason })
}

function fieldsOf(own: Fields, userAgent: string): Fields {
  const has = (name: string): boolean => own.some(([given]) => given.toLowerCase() === name)
  return [
    ...(userAgent === '' || has('user-agent') ? [] : [['User-Agent', userAgent] as const]),
    ...(has('accept') ? [] : [['Accept', '*/*'] as const]),
    ['Accept-Encoding', 'identity'],
    ...own.filter(([name]) => name.toLowerCase() !== 'accept-encoding'),
  ]
}

function fieldList(headers: Fields, authorization: string | undefined): string[] {
  const fields = headers.flatMap(([name, value]) => [name, value])
  if (authorization !== undefined) fields.push('Proxy-Authorization', authorization)
  return fields
}
