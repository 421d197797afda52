import type { Agent } from 'undici'
import { SluiceError } from '../core/errors.ts'
import { MAX_HEAD_BYTES } from './field-limits.ts'
import { originOf } from './origin.ts'
import { proxyExchange } from './proxy-exchange.ts'
import { isForwarded, openThroughProxy, proxyAuthorization, proxyServer, refusal } from './proxy-tunnel.ts'
import { requestHead } from './request-head.ts'
import { loadTls } from './tls-settings.ts'
import type { TlsSettings } from './tls-settings.ts'
import type { WireClient, WireOptions, WireRequest } from './types.ts'

/**
 * A client for requests through one proxy, by undici: http addresses are forwarded by http(s) proxies, all others go
 * through a tunnel (CONNECT or SOCKS5). The proxy's user and password are seen by the proxy alone. `proxy` is an address
 * that `parseProxyUrl` made. Unlike the direct client it does not replace a reused connection that dies, and it cannot
 * tell a TLS connection that was cut from one that was closed.
 */
export function createProxyClient(options: WireOptions & { readonly proxy: URL }): WireClient {
  const proxy = proxyServer(options.proxy)
  const closing = new AbortController()
  const tunnel = {
    family: options.family ?? 0,
    connectTimeout: options.connectTimeout ?? 30_000,
    tlsTimeout: options.tlsTimeout ?? 30_000,
    tls: (): TlsSettings => (tls ??= loadTls(options.ca, options.insecure === true)),
    closing: closing.signal,
  }
  let tls: TlsSettings | undefined
  let agent: Promise<Agent> | undefined
  let readSize = options.readSize ?? 512 * 1024
  let running = 0
  let open = true

  async function makeAgent(): Promise<Agent> {
    const { Agent: UndiciAgent } = await import('undici')
    return new UndiciAgent({
      allowH2: false,
      // Ours see a receiver that holds back, undici's do not.
      bodyTimeout: 0,
      headersTimeout: 0,
      maxHeaderSize: MAX_HEAD_BYTES,
      connect({ protocol, hostname, port }, callback) {
        const host = hostname.includes(':') ? `[${hostname}]` : hostname
        openThroughProxy(proxy, originOf(new URL(`${protocol}//${host}:${port}`)), tunnel).then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        )
      },
    })
  }

  function quit(): void {
    closing.abort()
    void agent?.then((made) => made.destroy())
  }

  return {
    get(request, sink) {
      const origin = originOf(request.url)
      const forwarded = isForwarded(proxy, origin.secure)
      const exchange = proxyExchange(request, sink, {
        place: origin.place,
        headersTimeout: options.headersTimeout ?? 60_000,
        stallTimeout: options.stallTimeout ?? 30_000,
        readSize: () => readSize,
        refusal: (status) => (forwarded && status === 407 ? refusal(proxy, origin, status) : undefined),
        over() {
          running--
          if (!open && running === 0) quit()
        },
      })
      running++
      const send = async (): Promise<void> => {
        if (!open) throw new SluiceError('interrupted', 'The client was closed.')
        requestHead(request)
        request.checkAddress?.('', request.url)
        agent ??= makeAgent()
        const path = forwarded ? request.url.href : request.url.pathname + request.url.search
        const headers = fieldList(request, forwarded ? proxyAuthorization(proxy) : undefined)
        ;(await agent).dispatch({ origin: request.url.origin, path, method: 'GET', headers }, exchange.handler)
      }
      send().catch((error: unknown) => exchange.fail(error))
      return exchange
    },
    // Buffers that undici hands over are never used again, so there is nothing to take back.
    release: () => undefined,
    setReadSize(bytes) {
      readSize = bytes
    },
    close() {
      open = false
      if (running === 0) quit()
    },
  }
}

function fieldList(request: WireRequest, authorization: string | undefined): string[] {
  const fields = request.headers.flatMap(([name, value]) => [name, value])
  if (authorization !== undefined) fields.push('Proxy-Authorization', authorization)
  return fields
}
