import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { SluiceError } from '../core/errors.ts'
import type { Origin } from './origin.ts'
import { connected, secure, within } from './proxy-tunnel.ts'
import type { TunnelOptions } from './proxy-tunnel.ts'
import { connectError, wasCutShort } from './socket-errors.ts'

/** Milliseconds after which the next address of a name is tried, the first time round. */
const nextAddressMs = 300

/**
 * Opens a connection to the origin on which requests can be written. `check` judges the connected address before a byte
 * is sent, TLS included. Errors: `dns`, `connect-*`, `tls`, `connection-lost`, and what `check` throws.
 */
export async function openDirect(
  origin: Origin,
  options: TunnelOptions,
  check: (address: string) => void,
): Promise<Socket> {
  const { closing, connectTimeout, tlsTimeout } = options
  const slow = `${origin.place} did not accept a connection within ${connectTimeout / 1000} s.`
  let attempted = false
  const socket = await within(connectTimeout, closing, ['connect-timeout', slow], (signal) =>
    reach(origin, options, signal, () => {
      attempted = true
    }),
  ).catch((error: unknown) => {
    throw attempted || !isOverdue(error) ? error : unknownInTime(origin, error)
  })
  try {
    check(socket.remoteAddress ?? '')
  } catch (error) {
    socket.destroy()
    throw error
  }
  if (!origin.secure) return socket
  const slowTls = `${origin.place} did not finish setting up TLS within ${tlsTimeout / 1000} s.`
  return within(tlsTimeout, closing, ['connect-timeout', slowTls], (signal) =>
    secure(socket, origin, options.tls(), signal),
  )
}

/** Of several addresses each gets a moment; when all were too slow for that, each gets a quarter of the patience. */
async function reach(
  origin: Origin,
  options: TunnelOptions,
  signal: AbortSignal,
  onAttempt: () => void,
): Promise<Socket> {
  try {
    return await dial(origin, options.family, nextAddressMs, signal, onAttempt)
  } catch (error) {
    if (!(error instanceof Error) || !wasCutShort(error)) throw inWords(error, origin)
  }
  try {
    return await dial(origin, options.family, options.connectTimeout / 4, signal, onAttempt)
  } catch (error) {
    throw inWords(error, origin)
  }
}

async function dial(
  { hostname: host, port }: Origin,
  family: 0 | 4 | 6,
  attemptTimeout: number,
  signal: AbortSignal,
  onAttempt: () => void,
): Promise<Socket> {
  const families =
    family === 0
      ? { autoSelectFamily: true, autoSelectFamilyAttemptTimeout: Math.max(10, Math.round(attemptTimeout)) }
      : { family, autoSelectFamily: false }
  const socket = connect({ host, port, noDelay: true, ...families })
  socket.once('connectionAttempt', onAttempt)
  await connected(socket, 'connect', signal)
  return socket
}

function inWords(error: unknown, { place }: Origin): unknown {
  return error instanceof Error && error.name !== 'AbortError' ? connectError(error, place) : error
}

const isOverdue = (error: unknown): boolean => error instanceof SluiceError && error.code === 'connect-timeout'

function unknownInTime({ hostname }: Origin, cause: unknown): SluiceError {
  return new SluiceError('dns', `The address of ${hostname} was not found: the name server does not answer.`, { cause })
}
