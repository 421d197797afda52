import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import type { TlsOptions } from 'node:tls'

/** A request as it came. */
export interface Heard {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Reply {
  /** Default 200. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string | Buffer
  /** Instead of all that: whatever the test does. */
  readonly odd?: (response: ServerResponse) => void
}

/** A server on loopback that answers as a test says and remembers every request. */
export interface ScriptedServer {
  /** Without a slash at the end. */
  readonly origin: string
  /** host:port */
  readonly host: string
  readonly port: number
  readonly heard: Heard[]
  close(): Promise<void>
}

/** `name`: how the server is called; `127.0.0.2` is another loopback address (Linux has them all). */
export async function startScripted(
  reply: (heard: Heard) => Reply | Promise<Reply>,
  options: { readonly name?: '127.0.0.1' | '127.0.0.2' | 'localhost'; readonly tls?: TlsOptions } = {},
): Promise<ScriptedServer> {
  const heard: Heard[] = []
  const sockets = new Set<Socket>()
  const listener: RequestListener = (request, response) => {
    void answer(request, response)
  }
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://scripted')
    const one = { method: request.method ?? '', path, query, headers: request.headers, body: await text(request) }
    heard.push(one)
    const { body = '', headers = {}, odd, status = 200 } = await reply(one)
    if (odd === undefined) response.writeHead(status, headers).end(body)
    else odd(response)
  }

  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    // Clients of these tests cut connections on purpose.
    socket.on('error', () => socket.destroy())
  })
  server.listen(0, options.name === '127.0.0.2' ? options.name : '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = `${options.name ?? '127.0.0.1'}:${port}`
  return {
    origin: `${options.tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    port,
    heard,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json'
export const indexType = 'application/vnd.oci.image.index.v1+json'

export function sha256(bytes: string | Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** Text of a manifest with a config and one layer for each size; odd blanks, so that a rewritten one shows. */
export function manifestText(name: string, sizes: readonly number[] = [5000, 7]): string {
  const layers = sizes.map((size, index) => ({
    mediaType: 'application/vnd.ollama.image.model',
    digest: sha256(`${name} ${index}`),
    size,
  }))
  const config = { mediaType: 'application/vnd.docker.container.image.v1+json', digest: sha256(name), size: 99 }
  return `${JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers }, null, 3)}\n`
}

/** Text of an index: each entry with its platform `os/arch[/variant]`. */
export function indexText(
  entries: ReadonlyArray<{
    readonly text: string
    readonly platform?: string
    readonly type?: string
    readonly size?: number
  }>,
): string {
  const manifests = entries.map(({ platform, size, text: child, type = manifestType }) => {
    const [os, architecture, variant] = platform?.split('/') ?? []
    const named = platform === undefined ? {} : { platform: { os, architecture, ...(variant && { variant }) } }
    return { mediaType: type, digest: sha256(child), size: size ?? Buffer.byteLength(child), ...named }
  })
  return JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests })
}

/** Replies for manifests by tag, each also by its digest. */
export function manifestsAt(
  repository: string,
  byTag: Readonly<Record<string, string>>,
  type = manifestType,
): (heard: Heard) => Reply {
  const all = new Map<string, string>()
  for (const [tag, body] of Object.entries(byTag)) all.set(tag, body).set(sha256(body), body)
  return ({ path }) => {
    const prefix = `/v2/${repository}/manifests/`
    const body = path.startsWith(prefix) ? all.get(path.slice(prefix.length)) : undefined
    if (body === undefined) {
      const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }]
      return { status: 404, body: JSON.stringify({ errors }) }
    }
    const told = body.includes('"manifests"') ? indexType : type
    return { headers: { 'Content-Type': told, 'Docker-Content-Digest': sha256(body) }, body }
  }
}
