import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { SluiceError } from '../../core/errors.ts'
import { problemBody } from './problem.ts'

/**
 * For what Node cannot read as a request, or what does not come whole in time: a problem as everywhere else, and the end
 * of the connection.
 */
export function answerUnreadable(fault: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || fault.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, error } = refusalOf(fault)
  const body = JSON.stringify(problemBody(error, status))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function refusalOf({ code }: NodeJS.ErrnoException): { readonly status: number; readonly error: SluiceError } {
  if (code === 'HPE_HEADER_OVERFLOW')
    return {
      status: 431,
      error: new SluiceError('too-large', 'The address and the fields of the request are too long.'),
    }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return {
      status: 408,
      error: new SluiceError('usage', 'The request did not come whole in time.', { hint: 'Send it again.' }),
    }
  const hint = 'Send it as HTTP/1.1; see /api/docs for all routes.'
  return { status: 400, error: new SluiceError('usage', 'The request cannot be understood.', { hint }) }
}
