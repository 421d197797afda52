/**
 * A TCP link on loopback that is slower or farther than loopback is. Started by links.ts in a process of its own, so
 * that its timers are not held up by the bench. Argument: LinkOptions as JSON. Says `{port}` when it listens; the
 * message `reset` starts the count of connections again.
 */
import net from 'node:net'
import type { LinkOptions } from './links.ts'

interface Lane {
  /** Milliseconds that every byte is late. */
  readonly delay: number
  /** Bytes per second; Infinity for none. */
  readonly rate: number
  /** Moment (performance.now()) before which nothing leaves: the handshake of a far server. */
  readonly opens: number
}

const options = JSON.parse(process.argv[2] ?? '{}') as LinkOptions
let accepted = 0

/**
 * Passes bytes on when they are due. Bytes wait in `queue`, at most `room` of them: enough to fill the delay, and for
 * a capped lane so little that the sender feels the cap at once. The moment a chunk is due follows from the one before
 * it, not from when a timer fired, so that late timers cost no rate.
 */
function carry(from: net.Socket, to: net.Socket, lane: Lane): void {
  const queue: { readonly due: number; readonly bytes: Buffer }[] = []
  const room = Number.isFinite(lane.rate) ? Math.max(64 * 1024, lane.rate / 50) : 16 * 1024 * 1024
  let waiting = 0
  let free = lane.opens
  let ended = false
  let timer: NodeJS.Timeout | undefined

  const pump = (): void => {
    timer = undefined
    const now = performance.now()
    let next = queue[0]
    while (next !== undefined && next.due <= now + 0.5 && !to.writableNeedDrain) {
      queue.shift()
      waiting -= next.bytes.length
      to.write(next.bytes)
      next = queue[0]
    }
    if (waiting < room) from.resume()
    if (next === undefined) {
      if (ended) to.end()
    } else if (to.writableNeedDrain) {
      to.once('drain', pump)
    } else {
      timer = setTimeout(pump, next.due - now)
    }
  }
  const pumpUnlessUnderWay = (): void => {
    if (timer === undefined && !to.writableNeedDrain) pump()
  }

  from.on('data', (bytes: Buffer) => {
    free = Math.max(free, performance.now()) + (bytes.length / lane.rate) * 1000
    queue.push({ due: free + lane.delay, bytes })
    waiting += bytes.length
    if (waiting >= room) from.pause()
    pumpUnlessUnderWay()
  })
  from.on('end', () => {
    ended = true
    pumpUnlessUnderWay()
  })
  from.on('error', () => to.destroy())
  from.on('close', () => {
    if (!from.readableEnded) to.destroy()
  })
  to.on('close', () => clearTimeout(timer))
}

const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const isSlow = options.slowRate !== undefined && accepted % 8 === (options.slowIndex ?? 0)
  accepted += 1
  const far = net.connect({ port: options.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const delay = options.delay ?? 0
  const now = performance.now()
  const rate = (isSlow ? options.slowRate : options.rate) ?? Number.POSITIVE_INFINITY
  carry(client, far, { delay, rate: Number.POSITIVE_INFINITY, opens: now + 2 * delay })
  carry(far, client, { delay, rate, opens: now })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as net.AddressInfo).port })
})
process.on('message', () => {
  accepted = 0
})
process.on('disconnect', () => process.exit())
