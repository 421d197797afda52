import { SluiceError, asSluiceError } from '../core/errors.ts'
import type { Connection, ConnectionHost } from './connection.ts'
import { openConnection } from './connection.ts'
import { createTicker, tickInterval } from './deadlines.ts'
import type { Job } from './job.ts'
import { originOf } from './origin.ts'
import { DEFAULT_READ_BYTES, createReadBuffers } from './read-buffers.ts'
import { requestHead } from './request-head.ts'
import type { TlsSettings } from './tls-settings.ts'
import { loadTls } from './tls-settings.ts'
import type { BodySink, Exchange, WireClient, WireOptions, WireRequest } from './types.ts'

/** A client for direct connections: HTTP/1.1 GET over TCP and TLS, with keep-alive per origin. */
export function createWireClient(options: WireOptions): WireClient {
  const buffers = createReadBuffers(options.readSize ?? DEFAULT_READ_BYTES)
  const timeouts = {
    connect: options.connectTimeout ?? 30_000,
    tls: options.tlsTimeout ?? 30_000,
    headers: options.headersTimeout ?? 60_000,
    stall: options.stallTimeout ?? 30_000,
  }
  const connections = new Set<Connection>()
  const idle = new Map<string, Connection[]>()
  const ticker = createTicker(tickInterval(timeouts), (now, forgiven) => {
    for (const connection of connections) connection.check(now, forgiven)
  })
  let tls: TlsSettings | undefined
  let open = true

  const host: ConnectionHost = {
    buffers,
    timeouts,
    family: options.family ?? 0,
    left(job) {
      if (!job.ownsRing) return
      job.ownsRing = false
      buffers.disclaimRing()
    },
    idle(connection) {
      if (!open) {
        connection.close()
        return
      }
      const waiting = idle.get(connection.origin.key)
      if (waiting === undefined) idle.set(connection.origin.key, [connection])
      else waiting.push(connection)
    },
    closed(connection) {
      connections.delete(connection)
      removeIdle(connection)
      if (connections.size === 0) ticker.stop()
    },
    failed(job, error, unseen) {
      if (unseen && !job.replaced && open) {
        job.replaced = true
        begin(job, false)
      } else {
        fail(job, error)
      }
    },
  }

  function removeIdle(connection: Connection): void {
    const waiting = idle.get(connection.origin.key)
    const index = waiting?.indexOf(connection) ?? -1
    if (waiting === undefined || index < 0) return
    waiting.splice(index, 1)
    if (waiting.length === 0) idle.delete(connection.origin.key)
  }

  /** Finds or opens a connection. Throws what can be known at once. */
  function carry(job: Job, mayReuse: boolean): void {
    if (!open) throw new SluiceError('interrupted', 'The client was closed.')
    if (job.head === '') job.head = requestHead(job.request)
    const origin = originOf(job.request.url)
    const reused = mayReuse ? idle.get(origin.key)?.at(-1) : undefined
    if (reused !== undefined) {
      job.request.checkAddress?.(reused.remoteAddress, job.request.url)
      removeIdle(reused)
    }
    if (job.request.keepBuffers === true) {
      job.ownsRing = buffers.claimRing(() => job.connection?.ringRefilled())
    }
    let connection = reused
    if (connection === undefined) {
      if (origin.secure) tls ??= loadTls(options.ca, options.insecure === true)
      connection = openConnection(origin, origin.secure ? tls : undefined, host, job.request.readSize)
      connections.add(connection)
      ticker.start()
    }
    connection.start(job)
  }

  function begin(job: Job, mayReuse: boolean): void {
    try {
      carry(job, mayReuse)
    } catch (error) {
      host.left(job)
      process.nextTick(fail, job, asSluiceError(error))
    }
  }

  function fail(job: Job, error: SluiceError): void {
    if (job.over) return
    job.over = true
    job.sink.fail(error)
  }

  return {
    get(request, sink) {
      const job = createJob(request, sink)
      begin(job, true)
      return exchangeOf(job)
    },
    release: (buffer) => buffers.release(buffer),
    setReadSize: (bytes) => buffers.setReadSize(bytes),
    close() {
      open = false
      for (const waiting of [...idle.values()]) for (const connection of [...waiting]) connection.close()
    },
  }
}

function createJob(request: WireRequest, sink: BodySink): Job {
  return {
    request,
    head: '',
    sink,
    connection: undefined,
    pauses: 0,
    ownsRing: false,
    connectMs: null,
    replaced: false,
    over: false,
  }
}

function exchangeOf(job: Job): Exchange {
  return {
    pause() {
      job.pauses++
      job.connection?.updateReading()
    },
    resume() {
      if (job.pauses === 0) return
      job.pauses--
      job.connection?.updateReading()
    },
    abort() {
      if (job.over) return
      job.over = true
      job.connection?.abandon()
    },
    get connectMs() {
      return job.connectMs
    },
  }
}
