import { connect as connectTcp, isIP } from 'node:net'
import type { Socket, TcpNetConnectOpts } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Origin } from './origin.ts'
import type { TlsSettings } from './tls-settings.ts'

/** How a socket tells what happens to it. `read` and `buffer` are Node's `onread`: see net.Socket. */
export interface SocketEvents {
  /** The buffer for the next read; called once before the first and after every read. */
  buffer(): Buffer
  /** So many bytes are in the buffer that was given last; false stops reading. */
  read(bytes: number): boolean
  /** An address is tried; several may follow each other. */
  attempt(): void
  /** TCP is connected; nothing has been sent yet. */
  connected(): void
  /** Requests can be sent. */
  ready(): void
  ended(): void
  failed(error: Error): void
  closed(): void
}

export interface SocketOptions {
  readonly family: 0 | 4 | 6
  /** Milliseconds after which the next address is tried, where a name has several. */
  readonly attemptTimeout: number
}

/** Begins to connect to the origin, through TLS if its settings are given. Reads go straight into the given buffers. */
export function openSocket(
  origin: Origin,
  options: SocketOptions,
  tls: TlsSettings | undefined,
  events: SocketEvents,
): Socket {
  const settings: TcpNetConnectOpts = {
    host: origin.hostname,
    port: origin.port,
    noDelay: true,
    ...(options.family === 0
      ? { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: options.attemptTimeout }
      : { family: options.family, autoSelectFamily: false }),
    onread: { buffer: () => events.buffer(), callback: (bytes) => events.read(bytes) },
  }
  const socket = tls === undefined ? connectTcp(settings) : openTls(origin, settings, tls, events)
  socket.on('connectionAttempt', () => events.attempt())
  // Ahead of Node's own listener, which would send the first bytes of TLS.
  socket.prependListener('connect', () => events.connected())
  if (tls === undefined) socket.on('connect', () => events.ready())
  socket.on('end', () => events.ended())
  socket.on('error', (error) => events.failed(error))
  socket.on('close', () => events.closed())
  return socket
}

function openTls(origin: Origin, settings: TcpNetConnectOpts, tls: TlsSettings, events: SocketEvents): TLSSocket {
  const session = tls.sessions.get(origin.key)
  const socket = tls.module.connect({
    ...settings,
    secureContext: tls.context,
    rejectUnauthorized: !tls.insecure,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(origin.hostname) === 0 ? { servername: origin.hostname.replace(/\.$/, '') } : {}),
    ...(session === undefined ? {} : { session }),
  })
  socket.on('session', (fresh) => tls.sessions.set(origin.key, fresh))
  socket.on('secureConnect', () => events.ready())
  return socket
}
