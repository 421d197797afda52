import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'

/** `incoming` and `outgoing` are there when the request came over a socket. */
export interface ServerEnvironment {
  Bindings: Partial<HttpBindings>
  Variables: {
    /** The request carried the token, or none is asked for. */
    trusted: boolean
  }
}

export type ServerContext = Context<ServerEnvironment>

/** Who asks, for limits: an IPv4 address, or the /64 network of an IPv6 address. */
export function remoteOf(context: ServerContext): string {
  const address = context.env.incoming?.socket.remoteAddress ?? 'local'
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const groups = head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length
  const whole = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...(tail ?? '').split(':')]
  return whole.slice(0, 4).join(':')
}

/** Cuts an answer that has begun and cannot be ended well, so that nobody takes the part for the whole. */
export function cutAnswer(context: ServerContext, controller: ReadableStreamDefaultController<Uint8Array>): void {
  const outgoing = context.env.outgoing
  if (outgoing === undefined) controller.error(new Error('The answer was cut.'))
  else outgoing.destroy()
}
