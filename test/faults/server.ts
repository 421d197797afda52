import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { correctAnswer } from './answer.ts'
import type { Answer, Entity } from './answer.ts'
import type { Certificate } from './certificate.ts'
import { parseRequest } from './request.ts'
import type { SeenRequest } from './request.ts'
import { sendAnswer } from './send.ts'

/** What an origin does instead of the right thing. Without any of it the origin is honest. */
export interface Scenario {
  /** Gets what would have been right and gives back what is sent. */
  answer?(request: SeenRequest, correct: Answer): Answer
  /** Decides on a fresh connection: `open` counts those alive with it. `mute` accepts and never says a word. */
  connect?(connection: number, open: number): 'serve' | 'reset' | 'mute'
  /** Latin-1 text sent before any request came. */
  readonly greeting?: string
  /** Bytes per second of every body that has no rate of its own. */
  readonly rate?: number
}

/** A server on a port of its own on 127.0.0.1: two of them are two origins. */
export interface Origin {
  readonly port: number
  /** `http://127.0.0.1:port`, or https. */
  readonly base: string
  /** All requests so far, in order of arrival. */
  readonly requests: ReadonlyArray<SeenRequest>
  /** Connections accepted so far. */
  readonly connections: number
  /** What is served from now on. */
  entity: Entity
  /** How it lies from now on. */
  scenario: Scenario
  /** What clients sent that was no request. */
  readonly complaints: ReadonlyArray<string>
  close(): Promise<void>
}

export interface OriginOptions {
  readonly tls?: Certificate
  /** Port to listen on; default any free one. */
  readonly port?: number
}

export async function startOrigin(
  entity: Entity,
  scenario: Scenario = {},
  options: OriginOptions = {},
): Promise<Origin> {
  const requests: SeenRequest[] = []
  const complaints: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let answering = 0

  function accept(socket: Socket): void {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setNoDelay(true)
    const decision = origin.scenario.connect?.(connections, sockets.size) ?? 'serve'
    if (decision === 'reset') return void socket.resetAndDestroy()
    if (decision === 'mute') return void socket.resume()
    if (origin.scenario.greeting !== undefined) socket.write(origin.scenario.greeting, 'latin1')
    serve(socket, connections)
  }

  function serve(socket: Socket, connection: number): void {
    let pending = ''
    let busy = false
    let nth = 0
    const next = async (): Promise<void> => {
      const end = pending.indexOf('\r\n\r\n')
      if (busy || end < 0) return
      const head = pending.slice(0, end)
      pending = pending.slice(end + 4)
      busy = true
      nth++
      const request = parseRequest(head, { index: requests.length + 1, connection, nth, others: answering })
      requests.push(request)
      const correct = correctAnswer(request, origin.entity)
      const answer = origin.scenario.answer?.(request, correct) ?? correct
      const rate = answer.rate ?? origin.scenario.rate
      answering++
      try {
        busy = !(await sendAnswer(socket, rate === undefined ? answer : { ...answer, rate }, request))
      } finally {
        answering--
      }
      if (!busy) await next()
    }
    socket.on('data', (bytes) => {
      pending += bytes.toString('latin1')
      next().catch((error: unknown) => {
        complaints.push(String(error))
        socket.destroy()
      })
    })
  }

  const listener = options.tls === undefined ? createServer(accept) : createTlsServer({ ...options.tls }, accept)
  if (options.tls !== undefined) listener.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = listener.address() as AddressInfo

  const origin: Origin = {
    port,
    base: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    get connections() {
      return connections
    },
    entity,
    scenario,
    complaints,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
  return origin
}

/** Body bytes handed out by these origins together. */
export function bytesSent(origins: Iterable<Origin>): number {
  let sum = 0
  for (const origin of origins) for (const request of origin.requests) sum += request.sent
  return sum
}
