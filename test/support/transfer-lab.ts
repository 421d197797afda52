import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { ExpectedDigest } from '../../src/core/digest.ts'
import { createEngine } from '../../src/transfer/engine.ts'
import type { Engine, EngineOptions, FileRequest, TransferEvent } from '../../src/transfer/types.ts'

export const MiB: number = 1024 * 1024

/** One request as the server saw it. */
export interface Seen {
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

export interface FileServer {
  readonly origin: string
  readonly seen: readonly Seen[]
  url(path: string): string
}

/** What a server does with a request; `count` is its number, from 1. */
export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => unknown

/** What a file is and how it is told of. Null fields are left out. */
export interface Served {
  readonly body: Buffer
  readonly etag?: string | null
  readonly lastModified?: string
  readonly type?: string
  readonly ranges?: boolean
  readonly fields?: Readonly<Record<string, string>>
  /** The connection is cut after so many bytes of the body. */
  readonly cutAfter?: number
}

/** A server on loopback for one test. */
export async function startFileServer(t: TestContext, answer: Answer): Promise<FileServer> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', headers: request.headers })
    void answer(request, response, seen.length)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, seen, url: (path) => origin + path }
}

/** Answers as an honest file server does: whole, or one range, If-Range obeyed. */
export function serve(request: IncomingMessage, response: ServerResponse, file: Served): void {
  const {
    body,
    etag = '"one"',
    lastModified,
    type = 'application/octet-stream',
    ranges = true,
    fields = {},
    cutAfter,
  } = file
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const condition = request.headers['if-range']
  const ranged =
    ranges && match !== null && (condition === undefined || condition === etag || condition === lastModified)
  const first = ranged ? Number(match[1]) : 0
  const end = ranged && match[2] ? Math.min(Number(match[2]) + 1, body.length) : body.length
  const beyond = ranged && first >= body.length
  const part = beyond ? Buffer.alloc(0) : body.subarray(first, end)
  if (etag !== null) response.setHeader('ETag', etag)
  if (lastModified !== undefined) response.setHeader('Last-Modified', lastModified)
  if (ranges) response.setHeader('Accept-Ranges', 'bytes')
  if (ranged)
    response.setHeader('Content-Range', beyond ? `bytes */${body.length}` : `bytes ${first}-${end - 1}/${body.length}`)
  response.writeHead(beyond ? 416 : ranged ? 206 : 200, {
    'Content-Type': type,
    'Content-Length': part.length,
    ...fields,
  })
  if (cutAfter === undefined || cutAfter >= part.length) response.end(part)
  else response.write(part.subarray(0, cutAfter), () => setImmediate(() => response.socket?.destroy()))
}

/** An engine with folders of its own for one test, and everything it reported. */
export interface TransferLab {
  readonly engine: Engine
  /** Where files go. */
  readonly dir: string
  readonly dataDir: string
  readonly events: readonly TransferEvent[]
  get(reference: string, more?: Partial<FileRequest>, signal?: AbortSignal): ReturnType<Engine['get']>
  /** Another engine on the same folders: the next run of the same line. */
  again(options?: Partial<EngineOptions>): Promise<TransferLab>
  /** Names in the folder, part files and staging included. */
  names(): string[]
  read(name: string): Buffer
  /** The events of one type. */
  of<T extends TransferEvent['type']>(type: T): ReadonlyArray<Extract<TransferEvent, { type: T }>>
}

/** `create` opens the engines: `createEngine` unless told otherwise. */
export async function openLab(
  t: TestContext,
  options: Partial<EngineOptions> = {},
  create: typeof createEngine = createEngine,
): Promise<TransferLab> {
  const base = mkdtempSync(join(tmpdir(), 'sluice-transfer-'))
  const engines: Engine[] = []
  t.after(async () => {
    for (const engine of engines) await engine.close()
    rmSync(base, { recursive: true, force: true })
  })
  return openLabIn(base, engines, options, create)
}

async function openLabIn(
  base: string,
  engines: Engine[],
  options: Partial<EngineOptions>,
  create: typeof createEngine,
): Promise<TransferLab> {
  const dir = join(base, 'files')
  const dataDir = join(base, 'data')
  const engine = await create({
    headers: [],
    retries: 2,
    ifExists: 'rename',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    ifChanged: 'fail',
    dataDir,
    sync: true,
    proxy: '',
    ...options,
  })
  engines.push(engine)
  const events: TransferEvent[] = []
  return {
    engine,
    dir,
    dataDir,
    events,
    get: (reference, more = {}, signal) =>
      engine.get(
        { reference, dir, digests: [], mirrors: [], ...more },
        { onEvent: (event) => events.push(event), ...(signal ? { signal } : {}) },
      ),
    again: (other = {}) => openLabIn(base, engines, { ...options, ...other }, create),
    names: () => readdirSync(dir).sort(),
    read: (name) => readFileSync(join(dir, name)),
    of: <T extends TransferEvent['type']>(type: T) =>
      events.filter((event): event is Extract<TransferEvent, { type: T }> => event.type === type),
  }
}

/** Bytes that no other offset has. */
export function content(size: number): Buffer {
  return randomBytes(size)
}

export function sha256(body: Buffer): ExpectedDigest {
  return { algorithm: 'sha256', hex: createHash('sha256').update(body).digest('hex') }
}
