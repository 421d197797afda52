import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { TlsOptions } from 'node:tls'

/** One thing that a proxy was asked for. */
export interface Asked {
  readonly how: 'forward' | 'connect' | 'socks5'
  /** The absolute address of a forwarded request, host:port of a tunnel. */
  readonly target: string
  /** `user:password` as the client gave them, '' for none. */
  readonly login: string
}

export interface ProxyServerOptions {
  /** `user:password` that must be given. */
  readonly login?: string
  /** Bytes instead of a tunnel; '' closes without a word, undefined makes the tunnel. */
  readonly insteadOfTunnel?: string
  /** Whatever the target, connect to this port of 127.0.0.1. */
  readonly port?: number
  readonly tls?: TlsOptions
}

/** A proxy on 127.0.0.1 that speaks HTTP forwarding, CONNECT and SOCKS5 on one port, and remembers what it was asked. */
export interface ProxyServer {
  readonly port: number
  readonly asked: Asked[]
  close(): Promise<void>
}

export async function startProxyServer(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    serve(socket, options, asked, sockets).catch(() => socket.destroy())
  }
  const server = options.tls === undefined ? createServer(accept) : createTlsServer(options.tls, accept)
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function serve(socket: Socket, options: ProxyServerOptions, asked: Asked[], sockets: Set<Socket>): Promise<void> {
  const first = await bytes(socket, 1)
  if (first[0] === 5) await serveSocks(socket, options, asked, sockets)
  else await serveHttp(socket, first, options, asked, sockets)
}

async function serveHttp(
  client: Socket,
  first: Buffer,
  options: ProxyServerOptions,
  asked: Asked[],
  sockets: Set<Socket>,
): Promise<void> {
  let head = first.toString('latin1')
  while (!head.endsWith('\r\n\r\n')) head += (await bytes(client, 1)).toString('latin1')
  const [method, target = ''] = head.split(' ')
  const basic = /^proxy-authorization: Basic (.*)\r$/im.exec(head)?.[1] ?? ''
  const login = Buffer.from(basic, 'base64').toString()
  asked.push({ how: method === 'CONNECT' ? 'connect' : 'forward', target, login })
  if (options.login !== undefined && login !== options.login) {
    client.end('HTTP/1.1 407 Who are you\r\nContent-Length: 4\r\n\r\nwho?')
    return
  }
  if (method === 'CONNECT') {
    if (options.insteadOfTunnel !== undefined) return void client.end(options.insteadOfTunnel, 'latin1')
    const origin = await reach(options.port ?? Number(target.split(':').at(-1)), sockets)
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    join(client, origin)
  } else {
    const url = new URL(target)
    const origin = await reach(options.port ?? Number(url.port), sockets)
    const lines = head.split('\r\n').filter((line) => !/^proxy-authorization:/i.test(line))
    origin.write([`GET ${url.pathname}${url.search} HTTP/1.1`, ...lines.slice(1)].join('\r\n'), 'latin1')
    join(client, origin)
  }
}

async function serveSocks(
  client: Socket,
  options: ProxyServerOptions,
  asked: Asked[],
  sockets: Set<Socket>,
): Promise<void> {
  const methods = await bytes(client, (await bytes(client, 1)).readUInt8())
  let login = ''
  if (options.login !== undefined && !methods.includes(2)) return void client.end(Buffer.from([5, 0xff]))
  if (options.login === undefined) client.write(Buffer.from([5, 0]))
  else {
    client.write(Buffer.from([5, 2]))
    await bytes(client, 1)
    const user = (await bytes(client, (await bytes(client, 1)).readUInt8())).toString()
    const password = (await bytes(client, (await bytes(client, 1)).readUInt8())).toString()
    login = `${user}:${password}`
    // One byte at a time: clients must not count on whole replies.
    client.write(Buffer.from([1]))
    client.write(Buffer.from([login === options.login ? 0 : 1]))
  }
  const [, , , kind] = await bytes(client, 4)
  const length = kind === 1 ? 4 : kind === 4 ? 16 : (await bytes(client, 1)).readUInt8()
  const address = await bytes(client, length)
  const host = kind === 3 ? address.toString() : kind === 1 ? address.join('.') : address.toString('hex')
  const port = (await bytes(client, 2)).readUInt16BE()
  asked.push({ how: 'socks5', target: `${host}:${port}`, login })
  if (options.insteadOfTunnel !== undefined) return void client.end(options.insteadOfTunnel, 'latin1')
  const origin = await reach(options.port ?? port, sockets)
  client.write(Buffer.from([5, 0, 0, 3, 1, 0x78, 0, 0]))
  join(client, origin)
}

async function reach(port: number, sockets: Set<Socket>): Promise<Socket> {
  const origin = connect(port, '127.0.0.1')
  sockets.add(origin)
  await once(origin, 'connect')
  origin.on('error', () => origin.destroy())
  return origin
}

function join(client: Socket, origin: Socket): void {
  client.pipe(origin)
  origin.pipe(client)
  client.on('close', () => origin.destroy())
  origin.on('close', () => client.destroySoon())
}

async function bytes(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const read: Buffer | null = count === 0 ? Buffer.alloc(0) : socket.read(count)
    if (read !== null && read.length === count) return read
    if (socket.readableEnded || socket.destroyed) throw new Error('the client is gone')
    await Promise.race([once(socket, 'readable'), once(socket, 'close')])
  }
}
