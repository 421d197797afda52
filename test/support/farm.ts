import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { makeContent } from '../faults/content.ts'
import type { Content } from '../faults/content.ts'

/** How the server treats one file. All but `missing` let a good client come to the right bytes. */
export type Trouble =
  | 'none'
  | 'missing'
  /** The first two answers end in the middle of the body, though the length was stated. */
  | 'drops'
  /** The first answer does so by a reset. */
  | 'resets'
  /** A pause of half a second in the middle of each body. */
  | 'stalls'
  /** The first request gets 503 and Retry-After: 1. */
  | 'busy'
  /** Accept-Ranges is stated, and every answer is 200 with all bytes. */
  | 'no-ranges'
  /** Another ETag in each answer. */
  | 'etag-lies'
  /** A quarter of the rate. */
  | 'slow'
  /** No length is told. */
  | 'chunked'
  /** Three redirects before the file. */
  | 'redirects'

/** One request as the farm saw it. Times in milliseconds of a monotonic clock. */
export interface FarmRequest {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly begun: number
  /** Infinity while it is being answered. */
  ended: number
  /** Bytes of the body handed to the socket. */
  sent: number
}

/** A server on loopback of files that exist nowhere, each with a trouble of its own. */
export interface Farm {
  readonly origin: string
  readonly requests: readonly FarmRequest[]
  /** Bytes per second of each connection; Infinity is no cap. Applies at once. */
  rate: number
  /** False: all files but the missing ones are served as they should be. */
  troubled: boolean
  /** Puts a file at `path` and gives back its URL. */
  plant(path: string, size: number, trouble?: Trouble): string
  /** Takes a file away: 404 from now on. */
  remove(path: string): void
  content(path: string): Content
  /** Body bytes handed out so far, of all files or of one. */
  sent(path?: string): number
  count(path: string): number
  /** Paths that are being answered now. */
  open(): string[]
}

interface Planted {
  readonly content: Content
  readonly trouble: Trouble
  asked: number
}

const pieceSize = 32 * 1024

export async function startFarm(t: TestContext, seed = 1): Promise<Farm> {
  const files = new Map<string, Planted>()
  const requests: FarmRequest[] = []
  /** Of the newest request of each connection, until it has been answered or its client is gone. */
  const lastOver = new WeakMap<Socket, Promise<void>>()
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '')
    const seen: FarmRequest = {
      path: path.replace(/^\/hop\d/, ''),
      method: request.method ?? '',
      headers: request.headers,
      begun: performance.now(),
      ended: Infinity,
      sent: 0,
    }
    requests.push(seen)
    // Clients under test go away in the middle: that is no failure of the farm.
    response.once('error', () => response.destroy())
    const before = lastOver.get(request.socket)
    const over = Promise.withResolvers<void>()
    lastOver.set(request.socket, over.promise)
    response.once('close', () => {
      seen.ended = performance.now()
      over.resolve()
    })
    void answer(request, response, seen, path, before)
  })
  server.keepAliveTimeout = 2000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    seen: FarmRequest,
    path: string,
    before: Promise<void> | undefined,
  ): Promise<void> {
    // A client that has all bytes of an answer may ask again before its end, which at a rate comes later. The next answer
    // has no connection until then, just like one whose client is gone.
    if (response.socket === null) await before
    if (response.socket === null) return
    const file = files.get(seen.path)
    if (file === undefined || file.trouble === 'missing') return void response.writeHead(404).end('no such file')
    const trouble = farm.troubled ? file.trouble : 'none'
    const hop = Number(/^\/hop(\d)/.exec(path)?.[1] ?? 0)
    if (hop > 0) {
      const next = hop === 1 ? seen.path : `/hop${hop - 1}${seen.path}`
      return void response.writeHead(302, { Location: next }).end()
    }
    file.asked++
    if (trouble === 'busy' && file.asked === 1)
      return void response.writeHead(503, { 'Retry-After': '1' }).end('too busy')
    const { start, end } = writeHead(request, response, file, trouble)
    if (request.method === 'HEAD') return void response.end()
    await sendBody(response, seen, file, trouble, start, end)
  }

  async function sendBody(
    response: ServerResponse,
    seen: FarmRequest,
    { content, asked }: Planted,
    trouble: Trouble,
    start: number,
    end: number,
  ): Promise<void> {
    const isCut = (trouble === 'drops' && asked <= 2) || (trouble === 'resets' && asked === 1)
    const stop = isCut ? start + Math.ceil((end - start) / 2) : end
    let due = performance.now()
    for (let at = start; at < stop;) {
      const next = Math.min(stop, at + pieceSize)
      if (!(await write(response, content.read(at, next)))) return
      seen.sent += next - at
      if (trouble === 'stalls' && at < start + (end - start) / 2 && next >= start + (end - start) / 2) await delay(500)
      const rate = trouble === 'slow' ? farm.rate / 4 : farm.rate
      due = Math.max(due, performance.now() - 1000) + ((next - at) / rate) * 1000
      const wait = due - performance.now()
      if (wait > 1) await delay(wait)
      at = next
    }
    if (!isCut) response.end()
    else if (trouble === 'resets') response.socket?.resetAndDestroy()
    else response.socket?.destroySoon()
  }

  const farm: Farm = {
    origin,
    requests,
    rate: Infinity,
    troubled: true,
    plant(path, size, trouble = 'none') {
      files.set(path, { content: makeContent(seed + files.size, size), trouble, asked: 0 })
      return origin + (trouble === 'redirects' ? `/hop3${path}` : path)
    },
    remove: (path) => void files.delete(path),
    content(path) {
      const file = files.get(path)
      if (file === undefined) throw new Error(`nothing was planted at ${path}`)
      return file.content
    },
    sent: (path) => requests.reduce((sum, one) => sum + (path === undefined || one.path === path ? one.sent : 0), 0),
    count: (path) => requests.filter((one) => one.path === path).length,
    open: () => [...new Set(requests.filter(({ ended }) => ended === Infinity).map((one) => one.path))],
  }
  return farm
}

/** Status and fields of an answer; gives back which bytes follow. */
function writeHead(
  request: IncomingMessage,
  response: ServerResponse,
  { content, asked }: Planted,
  trouble: Trouble,
): { readonly start: number; readonly end: number } {
  const etag = trouble === 'etag-lies' ? `"${content.seed}-${asked}"` : `"${content.seed}"`
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const condition = request.headers['if-range']
  const isRanged =
    match !== null &&
    trouble !== 'no-ranges' &&
    trouble !== 'chunked' &&
    (condition === undefined || condition === etag)
  const start = isRanged ? Number(match[1]) : 0
  const end = isRanged && match[2] ? Math.min(Number(match[2]) + 1, content.size) : content.size
  response.setHeader('ETag', etag)
  response.setHeader('Content-Type', 'application/octet-stream')
  if (trouble !== 'chunked') response.setHeader('Accept-Ranges', 'bytes')
  if (start >= content.size && isRanged) {
    response.writeHead(416, { 'Content-Range': `bytes */${content.size}`, 'Content-Length': 0 })
    return { start: 0, end: 0 }
  }
  if (isRanged) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${content.size}`)
  if (trouble !== 'chunked') response.setHeader('Content-Length', end - start)
  response.writeHead(isRanged ? 206 : 200)
  return { start, end }
}

/** Resolves false when the client is gone. */
async function write(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  if (response.destroyed || response.socket === null || response.socket.destroyed) return false
  if (response.write(bytes)) return true
  return new Promise((resolve) => {
    const gone = (): void => resolve(false)
    response.once('close', gone)
    response.once('drain', () => {
      response.off('close', gone)
      resolve(true)
    })
  })
}

/**
 * The most distinct paths that were being answered at the same time, among requests that lasted; with `each`, the most
 * requests. `slack` is how late a server may hear, in milliseconds, that a client has gone away.
 */
export function mostAtOnce(requests: readonly FarmRequest[], each: 'path' | 'request' = 'path', slack = 300): number {
  const spans = requests.filter(({ begun, ended }) => ended - slack > begun)
  const most = spans.map(({ begun }) => {
    const meanwhile = spans.filter((one) => one.begun <= begun && one.ended - slack > begun)
    return each === 'path' ? new Set(meanwhile.map(({ path }) => path)).size : meanwhile.length
  })
  return Math.max(0, ...most)
}
