import type { Socket } from 'node:net'
import { SluiceError, asSluiceError } from '../core/errors.ts'
import { createAnswerReader } from './answer-reader.ts'
import type { Framing } from './body-framing.ts'
import type { Phase, Timeouts } from './deadlines.ts'
import { patience } from './deadlines.ts'
import type { Job } from './job.ts'
import { reusableMs } from './keep-alive.ts'
import { openSocket } from './open-socket.ts'
import type { Origin } from './origin.ts'
import type { ReadBuffers, ReadSlot } from './read-buffers.ts'
import type { ParsedHead } from './response-head.ts'
import { responseHead } from './received-head.ts'
import { connectError, lossError, wasCutShort } from './socket-errors.ts'
import { timeoutError } from './timeout-errors.ts'
import type { ClosingWatch } from './tls-closing.ts'
import { watchClosing } from './tls-closing.ts'
import { cutError, handshakeError, tlsLossError } from './tls-errors.ts'
import type { TlsSettings } from './tls-settings.ts'
import type { BodyEnd } from './types.ts'

/** Bytes of an abandoned body that are read to the end rather than giving up the connection. */
const DRAIN_BYTES = 64 * 1024

/** Milliseconds after which the next address of a name is tried. */
const NEXT_ADDRESS_MS = 300

/** What a connection needs from its client, and tells it. */
export interface ConnectionHost {
  readonly buffers: ReadBuffers
  readonly timeouts: Timeouts
  readonly family: 0 | 4 | 6
  /** The job is over or was given up; what it had is free. */
  left(job: Job): void
  /** Ready for the next job. */
  idle(connection: Connection): void
  closed(connection: Connection): void
  /** `unseen`: a reused connection died before any byte of the answer. */
  failed(job: Job, error: SluiceError, unseen: boolean): void
}

/** One socket with the job it carries. */
export interface Connection {
  readonly origin: Origin
  readonly remoteAddress: string
  /** Carries the job; on a new connection as soon as it is made. */
  start(job: Job): void
  /** The job is given up. A small known rest of its body is read, otherwise the connection is closed. */
  abandon(): void
  /** Looks at the job's pauses again. */
  updateReading(): void
  /** The ring has room again. */
  ringRefilled(): void
  /** Fails what has taken too long; `forgiven` milliseconds do not count. */
  check(now: number, forgiven: number): void
  close(): void
}

/** `readSize` as the first request has it: the buffer for the first read is given out before that starts. */
export function openConnection(
  origin: Origin,
  tls: TlsSettings | undefined,
  host: ConnectionHost,
  readSize: (() => number) | undefined,
): Connection {
  let socket: Socket
  let slot: ReadSlot | undefined
  let job: Job | undefined
  let phase: Phase = 'connecting'
  /** When the phase, or the silence in `receiving`, began. */
  let since = performance.now()
  let stoppedAt: number | undefined
  let ringEmpty = false
  let closing: ClosingWatch | undefined
  let patient = false
  let attemptAt: number | undefined
  let connectMs = 0
  let remoteAddress = ''
  let readLimit = readSize
  let answers = 0
  let answered = false
  let reuseMs = 0

  const reader = createAnswerReader({ head: onHead, data: onData, end: onEnd })
  const connection: Connection = {
    origin,
    get remoteAddress() {
      return remoteAddress
    },
    start(next) {
      job = next
      readLimit = next.request.readSize
      next.connection = connection
      if (phase === 'idle') {
        socket.ref()
        send()
      }
    },
    abandon() {
      leaveJob()
      const rest = phase === 'receiving' && reuseMs > 0 ? reader.remaining : null
      if (rest === null || rest > DRAIN_BYTES) close()
      else {
        enter('draining')
        updateReading()
      }
    },
    updateReading,
    ringRefilled() {
      ringEmpty = false
      updateReading()
    },
    check(now, forgiven) {
      since = Math.min(now, since + forgiven)
      if (stoppedAt === undefined && now - since > patience(phase, host.timeouts, reuseMs)) expire()
    },
    close,
  }
  dial()
  return connection

  function dial(): void {
    const attemptTimeout = patient ? host.timeouts.connect / 4 : NEXT_ADDRESS_MS
    socket = openSocket(origin, { family: host.family, attemptTimeout }, tls, {
      buffer: onBuffer,
      read: onRead,
      attempt: () => {
        attemptAt = performance.now()
      },
      connected: onConnected,
      ready: onReady,
      ended: onEnded,
      failed: onError,
      closed: () => {
        if (phase !== 'connecting' && phase !== 'closed') fail(lossError(new Error('it was closed'), origin.place))
      },
    })
  }

  function enter(next: Phase): void {
    phase = next
    since = performance.now()
  }

  function onConnected(): void {
    if (phase !== 'connecting') return
    connectMs = performance.now() - (attemptAt ?? since)
    if (origin.secure) enter('securing')
    if (job === undefined) return
    job.connectMs = connectMs
    // Without an address nothing could be checked: the peer has gone again.
    remoteAddress = socket.remoteAddress ?? ''
    if (remoteAddress === '') {
      fail(lossError(new Error('it was closed at once'), origin.place))
      return
    }
    try {
      job.request.checkAddress?.(remoteAddress, job.request.url)
    } catch (error) {
      fail(asSluiceError(error))
    }
  }

  function onReady(): void {
    if (phase === 'closed') return
    if (job === undefined) close()
    else send()
  }

  function send(): void {
    if (job === undefined) return
    enter('waiting')
    answered = false
    reader.reset()
    socket.write(job.head, 'latin1')
    updateReading()
  }

  /** Stops or goes on reading as the job's pauses and the ring demand. Stopped time is nobody's silence. */
  function updateReading(): void {
    if (phase === 'connecting' || phase === 'securing' || phase === 'closed') return
    const stop = job !== undefined && (job.pauses > 0 || ringEmpty || closing?.holding === true)
    if (stop === (stoppedAt !== undefined)) return
    if (stoppedAt === undefined) {
      stoppedAt = performance.now()
      socket.pause()
    } else {
      since += performance.now() - stoppedAt
      stoppedAt = undefined
      socket.resume()
    }
  }

  function onBuffer(): Buffer {
    slot = host.buffers.next(slot, job?.ownsRing === true && phase !== 'closed', readLimit?.())
    return slot.view
  }

  function onRead(bytes: number): boolean {
    if (slot === undefined || phase === 'closed') return false
    if (phase === 'idle' || phase === 'connecting' || phase === 'securing') {
      // Nobody asked for these bytes; they must not become the answer to the next request.
      fail(new SluiceError('bad-response', `${origin.place} sent bytes before it was asked.`))
      return false
    }
    answered = true
    try {
      reader.feed(slot.base, 0, bytes)
    } catch (error) {
      fail(asSluiceError(error))
    }
    return afterRead()
  }

  function afterRead(): boolean {
    if (phase === 'closed') return false
    if (phase === 'receiving') since = performance.now()
    closing?.afterRead()
    if (job?.ownsRing === true && !host.buffers.ringHasRoom()) ringEmpty = true
    updateReading()
    return stoppedAt === undefined
  }

  function onHead(head: ParsedHead, framing: Framing): void {
    reuseMs = framing.kind === 'close' ? 0 : reusableMs(head)
    if (framing.kind === 'close' && origin.secure) closing = watchClosing(socket, updateReading)
    enter('receiving')
    job?.sink.head(responseHead(head, framing, job.request.url, remoteAddress))
  }

  function onData(buffer: Buffer, start: number, end: number): void {
    if (job === undefined || slot === undefined) return
    const keepable = slot.keepable && job.ownsRing
    if (job.sink.data(buffer, start, end, keepable) === true && keepable) slot.keeps++
  }

  function onEnd(how: BodyEnd, excess: boolean): void {
    const finished = leaveJob()
    answers++
    if (excess || how === 'close' || reuseMs === 0 || phase === 'closed') close()
    else {
      enter('idle')
      updateReading()
      socket.unref()
      host.idle(connection)
    }
    if (finished === undefined) return
    finished.over = true
    try {
      finished.sink.end(how)
    } catch (error) {
      finished.sink.fail(asSluiceError(error))
    }
  }

  function onEnded(): void {
    // While TLS is set up Node makes an error of it.
    if (phase === 'closed' || phase === 'securing') return
    if (job === undefined) {
      close()
      return
    }
    try {
      if (closing?.sawCloseNotify(stoppedAt !== undefined) === false) throw cutError(origin.place)
      reader.finish(origin.place)
    } catch (error) {
      fail(asSluiceError(error))
    }
  }

  function onError(error: Error): void {
    if (phase === 'closed') return
    if (phase === 'connecting') {
      if (!patient && wasCutShort(error)) {
        patient = true
        dial()
      } else {
        fail(connectError(error, origin.place))
      }
    } else if (phase === 'securing') {
      fail(handshakeError(error, origin.place))
    } else {
      fail(origin.secure ? tlsLossError(error, origin.place, answered) : lossError(error, origin.place))
    }
  }

  function expire(): void {
    if (job === undefined) close()
    else fail(timeoutError(phase, origin.place, host.timeouts, attemptAt !== undefined))
  }

  /** Takes the job off this connection. */
  function leaveJob(): Job | undefined {
    const left = job
    job = undefined
    ringEmpty = false
    if (left !== undefined) {
      left.connection = undefined
      host.left(left)
    }
    return left
  }

  function fail(error: SluiceError): void {
    const unseen = answers > 0 && !answered && error.code === 'connection-lost'
    const failed = leaveJob()
    close()
    if (failed !== undefined) host.failed(failed, error, unseen)
  }

  function close(): void {
    if (phase === 'closed') return
    enter('closed')
    socket.destroy()
    if (slot !== undefined) host.buffers.uninstall(slot)
    host.closed(connection)
  }
}
