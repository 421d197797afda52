import { isIP } from 'node:net'
import type { Socket } from 'node:net'
import { SluiceError } from '../core/errors.ts'
import { ipv6Groups } from './ipv6.ts'

export interface SocksRequest {
  /** host:port of the proxy, for messages. */
  readonly place: string
  /** Name or address without brackets. */
  readonly hostname: string
  readonly port: number
  /** '' when there is none; then none is offered. */
  readonly username: string
  readonly password: string
}

/** Replies of RFC 1928, section 6. */
const replies: Readonly<Record<number, string>> = {
  1: 'it failed for a reason that it does not tell',
  2: 'its rules do not allow that',
  3: 'there is no way to the network',
  4: 'there is no way to the host',
  5: 'the connection was refused',
  6: 'the way is too long',
  7: 'it does not know the command',
  8: 'it does not know this kind of address',
}

/**
 * Asks a SOCKS5 proxy on a fresh connection for one to the target (RFC 1928, user and password by RFC 1929). When it
 * resolves, the socket speaks with the target. Throws `proxy`, or the error of the socket.
 */
export async function requestSocks(socket: Socket, request: SocksRequest): Promise<void> {
  const { place, hostname, port, username } = request
  socket.write(username === '' ? Buffer.from([5, 1, 0]) : Buffer.from([5, 2, 0, 2]))
  const [version, method] = await readExactly(socket, 2, place)
  if (version !== 5) throw failure(`${place} is no SOCKS5 proxy.`, 'never')
  if (method === 2 && username !== '') await logIn(socket, request)
  else if (method !== 0) throw failure(`The proxy ${place} asks for a user and a password.`, 'never')

  socket.write(Buffer.concat([Buffer.from([5, 1, 0]), addressOf(hostname), Buffer.from([port >> 8, port & 255])]))
  const [, reply = 1, , kind] = await readExactly(socket, 4, place)
  if (reply !== 0) {
    throw failure(
      `The proxy ${place} made no connection to ${hostname}:${port}: ${replies[reply] ?? `reply ${reply}`}.`,
    )
  }
  // The address from which the proxy connected; nobody needs it.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : (await readExactly(socket, 1, place)).readUInt8()
  await readExactly(socket, length + 2, place)
}

async function logIn(socket: Socket, { place, username, password }: SocksRequest): Promise<void> {
  socket.write(Buffer.concat([Buffer.from([1]), counted(username), counted(password)]))
  const [, status] = await readExactly(socket, 2, place)
  if (status !== 0) throw failure(`The proxy ${place} does not accept the user and password.`, 'never')
}

function addressOf(hostname: string): Buffer {
  if (isIP(hostname) === 4) return Buffer.from([1, ...hostname.split('.').map(Number)])
  if (isIP(hostname) === 6)
    return Buffer.from([4, ...ipv6Groups(hostname).flatMap((group) => [group >> 8, group & 255])])
  return Buffer.concat([Buffer.from([3]), counted(hostname)])
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > 255) throw failure('SOCKS5 cannot carry a host, user or password of more than 255 bytes.', 'never')
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function readExactly(socket: Socket, count: number, place: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      socket.off('readable', onReadable).off('end', onClosed).off('close', onClosed).off('error', onError)
    }
    const onReadable = (): void => {
      const bytes = socket.read(count) as Buffer | null
      if (bytes === null) return
      // At the end of the stream read() gives what is left, however little.
      if (bytes.length < count) return onClosed()
      settle()
      resolve(bytes)
    }
    const onClosed = (): void => {
      settle()
      reject(failure(`The proxy ${place} closed the connection instead of making one.`))
    }
    const onError = (error: Error): void => {
      settle()
      reject(error)
    }
    socket.on('readable', onReadable).on('end', onClosed).on('close', onClosed).on('error', onError)
    onReadable()
  })
}

function failure(sentence: string, retry: 'backoff' | 'never' = 'backoff'): SluiceError {
  return new SluiceError('proxy', sentence, { retry })
}
