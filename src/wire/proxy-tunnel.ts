import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { SluiceError } from '../core/errors.ts'
import type { ErrorCode } from '../core/errors.ts'
import { decodePercent } from '../core/url.ts'
import type { Origin } from './origin.ts'
import { codeOf, connectError } from './socket-errors.ts'
import { requestSocks } from './socks5.ts'
import { handshakeError } from './tls-errors.ts'
import type { TlsSettings } from './tls-settings.ts'

/** A proxy as its address describes it. */
export interface ProxyServer {
  readonly kind: 'http' | 'https' | 'socks5' | 'socks5h'
  /** Name or address without brackets. */
  readonly hostname: string
  readonly port: number
  /** host:port for messages. */
  readonly place: string
  /** Decoded; '' for none. */
  readonly username: string
  readonly password: string
}

export interface TunnelOptions {
  readonly family: 0 | 4 | 6
  /** Milliseconds until the proxy has made the connection, and until TLS with the origin is set up. */
  readonly connectTimeout: number
  readonly tlsTimeout: number
  readonly tls: () => TlsSettings
  /** Ends what is being opened. */
  readonly closing: AbortSignal
}

const defaultPorts = { http: 80, https: 443, socks5: 1080, socks5h: 1080 }

/** Takes apart an address that `parseProxyUrl` made. */
export function proxyServer(url: URL): ProxyServer {
  const kind = url.protocol.slice(0, -1) as ProxyServer['kind']
  const port = url.port === '' ? defaultPorts[kind] : Number(url.port)
  return {
    kind,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port,
    place: `${url.hostname}:${port}`,
    username: decodePercent(url.username),
    password: decodePercent(url.password),
  }
}

/** The value of Proxy-Authorization, undefined without a user. */
export function proxyAuthorization({ username, password }: ProxyServer): string | undefined {
  return username === '' ? undefined : `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`
}

/** A plain http request goes to an http proxy itself, everything else through a tunnel to the origin. */
export function isForwarded(proxy: ProxyServer, toHttps: boolean): boolean {
  return !toHttps && (proxy.kind === 'http' || proxy.kind === 'https')
}

/**
 * Opens a socket on which requests for the origin can be written. Errors: `proxy` for all that happens up to and at the
 * proxy, `dns` for a name that socks5:// lets this machine look up, `tls` and others for TLS with the origin.
 */
export async function openThroughProxy(proxy: ProxyServer, origin: Origin, options: TunnelOptions): Promise<Socket> {
  const { closing, connectTimeout, tlsTimeout } = options
  const slow = `The proxy ${proxy.place} made no connection to ${origin.place} within ${connectTimeout / 1000} s.`
  const socket = await within(connectTimeout, closing, ['proxy', slow], async (signal) => {
    const toProxy = await reachProxy(proxy, options, signal)
    if (!isForwarded(proxy, origin.secure)) await tunnel(toProxy, proxy, origin, options.family)
    return toProxy
  })
  if (!origin.secure) return socket
  const slowTls = `${origin.place} did not finish setting up TLS within ${tlsTimeout / 1000} s.`
  const run = (signal: AbortSignal): Promise<Socket> => secure(socket, origin, options.tls(), signal)
  return within(tlsTimeout, closing, ['connect-timeout', slowTls], run)
}

async function reachProxy(proxy: ProxyServer, options: TunnelOptions, signal: AbortSignal): Promise<Socket> {
  const { hostname: host, port, place } = proxy
  const { family } = options
  const socket = connect({ host, port, noDelay: true, ...(family === 0 ? { autoSelectFamily: true } : { family }) })
  try {
    await connected(socket, 'connect', signal)
    if (proxy.kind !== 'https') return socket
    return await secure(
      socket,
      { key: `proxy ${place}`, secure: true, hostname: host, port, place },
      options.tls(),
      signal,
    )
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    const reason = cause instanceof SluiceError ? cause : connectError(cause, place)
    const retry = reason.code === 'tls' ? 'never' : 'backoff'
    throw new SluiceError('proxy', `The proxy cannot be used: ${reason.message}`, { cause, retry })
  }
}

/** TLS with the origin over a connected socket. The signal destroys it. Throws what `handshakeError` says. */
export async function secure(socket: Socket, origin: Origin, tls: TlsSettings, signal: AbortSignal): Promise<Socket> {
  const session = tls.sessions.get(origin.key)
  const secured = tls.module.connect({
    socket,
    host: origin.hostname,
    secureContext: tls.context,
    rejectUnauthorized: !tls.insecure,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(origin.hostname) === 0 ? { servername: origin.hostname.replace(/\.$/, '') } : {}),
    ...(session === undefined ? {} : { session }),
  })
  secured.on('session', (fresh) => tls.sessions.set(origin.key, fresh))
  try {
    await connected(secured, 'secureConnect', signal)
    return secured
  } catch (error) {
    throw error instanceof Error ? handshakeError(error, origin.place) : error
  }
}

async function tunnel(socket: Socket, proxy: ProxyServer, origin: Origin, family: 0 | 4 | 6): Promise<void> {
  const { kind, place, username, password } = proxy
  try {
    if (kind === 'http' || kind === 'https') return await tunnelByConnect(socket, proxy, origin)
    const hostname = kind === 'socks5' ? await localAddress(origin, family) : origin.hostname
    await requestSocks(socket, { place, hostname, port: origin.port, username, password })
  } catch (cause) {
    if (cause instanceof SluiceError || !(cause instanceof Error)) throw cause
    const why = codeOf(cause).startsWith('HPE_') ? 'does not speak HTTP' : 'broke the connection off'
    throw new SluiceError('proxy', `The proxy ${place} ${why} when asked for ${origin.place}.`, { cause })
  }
}

async function localAddress(origin: Origin, family: 0 | 4 | 6): Promise<string> {
  if (isIP(origin.hostname) !== 0) return origin.hostname
  try {
    return (await lookup(origin.hostname, { family })).address
  } catch (error) {
    throw error instanceof Error ? connectError(error, origin.place) : error
  }
}

async function tunnelByConnect(socket: Socket, proxy: ProxyServer, origin: Origin): Promise<void> {
  const authorization = proxyAuthorization(proxy)
  const asking = httpRequest({
    method: 'CONNECT',
    path: origin.place,
    headers: { host: origin.place, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) },
    createConnection: () => socket,
  }).end()
  // Node reports every answer to CONNECT with this event, whatever its status.
  const [answer, , rest] = (await once(asking, 'connect')) as [IncomingMessage, Socket, Buffer]
  const status = answer.statusCode ?? 0
  if (status < 200 || status > 299) throw refusal(proxy, origin, status)
  if (rest.length > 0) socket.unshift(rest)
}

/** Words for the status with which a proxy refuses. */
export function refusal(proxy: ProxyServer, origin: Origin, status: number): SluiceError {
  const own = proxy.username === '' ? 'asks for a user and a password' : 'does not accept the user and password'
  if (status === 407) {
    return new SluiceError('proxy', `The proxy ${proxy.place} ${own} (407).`, {
      status,
      retry: 'never',
      hint: 'Give them in the address of the proxy: http://user:password@host:port.',
    })
  }
  const retry = status >= 500 || status === 429 || status === 408 ? 'backoff' : 'never'
  return new SluiceError('proxy', `The proxy ${proxy.place} made no connection to ${origin.place} (${status}).`, {
    status,
    retry,
  })
}

/** Runs one phase. When it takes too long or the client closes, the signal ends it, and so does a failure. */
export async function within<T>(
  ms: number,
  closing: AbortSignal,
  whenOverdue: readonly [code: ErrorCode, sentence: string],
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const phase = new AbortController()
  const end = (): void => phase.abort()
  let overdue = false
  const timer = setTimeout(() => {
    overdue = true
    end()
  }, ms)
  closing.addEventListener('abort', end)
  try {
    return await run(phase.signal)
  } catch (cause) {
    end()
    throw overdue ? new SluiceError(...whenOverdue, { cause }) : cause
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', end)
  }
}

/** Waits for the event; the signal destroys the socket, also later in the phase. */
export async function connected(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  signal.addEventListener('abort', () => socket.destroy(), { once: true })
  // Whoever waits for something has a listener of his own; this one keeps an error in between from ending the process.
  socket.on('error', () => undefined)
  await once(socket, event, { signal })
}
