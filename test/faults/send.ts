import type { Socket } from 'node:net'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { bodyBytes, bodySize, headBytes } from './answer.ts'
import type { Answer, Body } from './answer.ts'
import type { SeenRequest } from './request.ts'

const pieceSize = 64 * 1024
/** Writes per second of a body with a rate. */
const beats = 50

/**
 * Writes one answer. Resolves true when the connection can carry another one, false when it is over (cut, closed, or
 * the client went away).
 */
export async function sendAnswer(socket: Socket, answer: Answer, seen: SeenRequest): Promise<boolean> {
  if (answer.wait !== undefined) await answer.wait
  seen.status = answer.status
  if (answer.before !== undefined) await write(socket, Buffer.from(answer.before, 'latin1'))
  const head = headBytes(answer)
  for (let at = 0; at < head.length; at += answer.slice ?? head.length) {
    if (!(await write(socket, head.subarray(at, at + (answer.slice ?? head.length))))) return false
  }
  const total = bodySize(answer.body)
  const end = Math.min(total, answer.cut?.after ?? total)
  const step =
    answer.slice ??
    Math.min(pieceSize, answer.rate === undefined ? pieceSize : Math.max(1, Math.floor(answer.rate / beats)))
  const begun = performance.now()
  for (let at = 0; at < end; at += step) {
    const piece = cutBody(answer.body, at, Math.min(end, at + step))
    if (!(await write(socket, piece))) return false
    seen.sent += piece.length
    if (answer.rate !== undefined)
      await delay(Math.max(0, begun + (seen.sent / answer.rate) * 1000 - performance.now()))
  }
  return finish(socket, answer)
}

function finish(socket: Socket, answer: Answer): boolean | Promise<boolean> {
  const how = answer.cut?.how ?? (answer.close === true ? 'fin' : undefined)
  if (how === undefined) return true
  if (how === 'stall') return silence(socket)
  if (how === 'fin') socket.end()
  else if (how === 'rst') rawSocket(socket).resetAndDestroy()
  else rawSocket(socket).end()
  return false
}

async function silence(socket: Socket): Promise<false> {
  if (!socket.destroyed) await once(socket, 'close')
  return false
}

/** The TCP socket below TLS, whose end the peer sees without a close_notify. */
function rawSocket(socket: Socket): Socket {
  const below: unknown = '_parent' in socket ? socket._parent : undefined
  return below instanceof Object && 'end' in below ? (below as Socket) : socket
}

function cutBody(body: Body, start: number, end: number): Buffer {
  if (Buffer.isBuffer(body)) return body.subarray(start, end)
  return bodyBytes({ content: body.content, start: body.start + start, end: body.start + end })
}

/** Resolves true when the kernel took the bytes, false when the connection is gone. */
function write(socket: Socket, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    if (socket.destroyed || !socket.writable) return resolve(false)
    const gone = (): void => resolve(false)
    socket.once('close', gone)
    socket.write(bytes, (error) => {
      socket.off('close', gone)
      resolve(error === undefined || error === null)
    })
  })
}
