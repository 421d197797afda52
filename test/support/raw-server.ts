import { once } from 'node:events'
import { createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'

/** One request as a raw server sees it. */
export interface RawRequest {
  readonly socket: Socket
  /** Request line and fields. */
  readonly head: string
  /** Number of its connection, from 0. */
  readonly connection: number
  /** Number of the request on that connection, from 0. */
  readonly turn: number
}

/** A server on 127.0.0.1 that answers with whatever bytes the test writes. */
export interface RawServer {
  readonly port: number
  readonly connections: ReadonlyArray<Socket>
  url(path: string): URL
  close(): Promise<void>
}

export interface RawServerOptions {
  readonly tls?: TlsOptions
  readonly host?: string
  readonly onConnection?: (socket: Socket) => void
}

export async function startRawServer(
  answer: (request: RawRequest) => void,
  options: RawServerOptions = {},
): Promise<RawServer> {
  const connections: Socket[] = []
  const accept = (socket: Socket): void => {
    const connection = connections.push(socket) - 1
    let turn = 0
    let text = ''
    // Clients of these tests cut connections on purpose.
    socket.on('error', () => socket.destroy())
    options.onConnection?.(socket)
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        answer({ socket, head, connection, turn: turn++ })
      }
    })
  }
  const server: Server = options.tls === undefined ? createTcpServer(accept) : createTlsServer(options.tls, accept)
  server.on('tlsClientError', () => undefined)
  const host = options.host ?? '127.0.0.1'
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const scheme = options.tls === undefined ? 'http' : 'https'
  return {
    port,
    connections,
    url: (path) => new URL(path, `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`),
    async close() {
      for (const socket of connections) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
