import type { Client, Dispatcher } from 'undici'
import { openDirect } from './api-socket.ts'
import { MAX_HEAD_BYTES } from './field-limits.ts'
import type { Origin } from './origin.ts'
import { openThroughProxy } from './proxy-tunnel.ts'
import type { ProxyServer, TunnelOptions } from './proxy-tunnel.ts'

/** One connection to an origin, for one request at a time. */
export interface Line {
  /** Requests with the same key may use it. */
  readonly key: string
  /** The proxy that it goes through, null for none. */
  readonly proxy: ProxyServer | null
  /** False once its connection has ended; it is of no use then. */
  readonly alive: boolean
  /** Connected address, '' before and through a proxy. */
  readonly address: string
  /** `guard` gets the connected address before a byte is sent; what it throws goes to the handler, or is thrown here. */
  send(
    request: Omit<Dispatcher.DispatchOptions, 'origin'>,
    guard: (address: string) => void,
    handler: Dispatcher.DispatchHandler,
  ): void
  /** Ends it at once, connecting included. */
  close(): void
}

/** Makes a connection when the first request comes; `proxy` null goes there directly. */
export function openLine(
  UndiciClient: typeof Client,
  key: string,
  origin: Origin,
  proxy: ProxyServer | null,
  options: Omit<TunnelOptions, 'closing'>,
): Line {
  const closing = new AbortController()
  const settings = { ...options, closing: closing.signal }
  let judge: (address: string) => void = () => undefined
  let address = ''
  let connected = false
  let alive = true

  const direct = (): ReturnType<typeof openDirect> =>
    openDirect(origin, settings, (reached) => {
      address = reached
      judge(reached)
    })

  const client = new UndiciClient(origin.key, {
    allowH2: false,
    pipelining: 1,
    // Undici's time limits do not see a receiver that holds back; the exchange has its own.
    bodyTimeout: 0,
    headersTimeout: 0,
    maxHeaderSize: MAX_HEAD_BYTES,
    connect(_, callback) {
      const opened = proxy === null ? direct() : openThroughProxy(proxy, origin, settings)
      opened.then(
        (socket) => {
          connected = true
          callback(null, socket)
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
      )
    },
  })
  client.on('disconnect', () => {
    alive = false
  })

  return {
    key,
    proxy,
    get alive() {
      return alive
    },
    get address() {
      return address
    },
    send(request, guard, handler) {
      judge = guard
      // A new connection is judged when it is made, one that is kept or that a proxy makes here.
      if (connected || proxy !== null) guard(address)
      client.dispatch(request, handler)
    },
    close() {
      alive = false
      closing.abort()
      // Nothing of it is waited for: whoever closes it has had the answer or wants none.
      client.destroy().catch(() => undefined)
    },
  }
}
