import { getRequestListener } from '@hono/node-server'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { SluiceError } from '../core/errors.ts'
import type { ManagerLog } from '../manager/types.ts'
import type { App } from './app.ts'
import { bracketed } from './http/hosts.ts'
import { problemResponse } from './http/problem.ts'
import { answerUnreadable } from './http/unreadable.ts'
import { secure } from './http/security-headers.ts'

export interface Listening {
  /** The port it got. */
  readonly port: number
  /** A sentence where that is not the one asked for. */
  readonly note: string | null
  /** No new connections; idle ones end, those at work may finish. */
  stop(): void
  /** Ends every connection. */
  destroy(): void
}

const portsToTry = 20
const mostConnections = 1000

/**
 * Listens on the host. A busy port gives way to one of the next 20, then to any; port 0 is any. `makeApp` gets the port
 * that it became, before the first request.
 */
export async function listen(
  host: string,
  port: number,
  log: ManagerLog,
  makeApp: (port: number) => App,
): Promise<Listening> {
  const server = createServer({
    // A request must have come whole in this time; answers, events above all, may last.
    headersTimeout: 10_000,
    requestTimeout: 120_000,
    connectionsCheckingInterval: 5000,
    keepAliveTimeout: 10_000,
    // A request without the field is refused with a problem, as all others are.
    requireHostHeader: false,
  })
  server.maxConnections = mostConnections
  const candidates = port === 0 ? [0] : [...Array.from({ length: portsToTry + 1 }, (_, i) => port + i), 0]
  for (const candidate of candidates.filter((one) => one <= 65_535)) {
    const got = await tryPort(server, host, candidate)
    if (got === null) continue
    const app = makeApp(got)
    const listener = listenerFor(app)
    server.on('request', listener)
    // Expectations other than 100-continue may be ignored (RFC 9110, 10.1.1).
    server.on('checkExpectation', listener)
    server.on('clientError', answerUnreadable)
    server.on('error', (error) => log.error({ error }, 'A connection could not be taken.'))
    return {
      port: got,
      note: port === 0 || got === port ? null : `Port ${port} is busy, using ${got}.`,
      stop() {
        server.close()
        server.closeIdleConnections()
      },
      destroy: () => server.closeAllConnections(),
    }
  }
  throw new SluiceError('connect-failed', `No port is free on ${host}.`, { hint: 'Choose another with --port.' })
}

/** Null when the port is busy. */
function tryPort(server: Server, host: string, port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      server.off('listening', ready)
      if (error.code === 'EADDRINUSE') resolve(null)
      else reject(listenError(error, host, port))
    }
    const ready = (): void => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    }
    server.once('error', failed).once('listening', ready).listen({ host, port })
  })
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): SluiceError {
  if (error.code === 'EACCES') {
    return new SluiceError('usage', `Port ${port} may not be used by this user.`, {
      hint: 'Choose one above 1023 with --port.',
      cause: error,
    })
  }
  return new SluiceError(
    'usage',
    `The daemon cannot listen on ${bracketed(host)}:${port} (${error.code ?? 'error'}).`,
    {
      hint: 'Give an address of this machine with --host, such as 127.0.0.1.',
      cause: error,
    },
  )
}

function listenerFor(app: App): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const listener = getRequestListener(app.hono.fetch, {
    errorHandler: () =>
      secure(
        problemResponse(
          new SluiceError('usage', 'The request cannot be understood.', { hint: 'Name the host of the daemon in it.' }),
        ),
      ),
  })
  return (incoming, outgoing) => void listener(incoming, outgoing)
}
