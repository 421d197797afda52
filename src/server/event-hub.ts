import type { ManagerEvent, ManagerEvents } from '../manager/types.ts'
import { cutAnswer } from './http/environment.ts'
import type { ServerContext } from './http/environment.ts'

export interface EventHub {
  /** As many listen as may. */
  readonly full: boolean
  /** Events for one reader: after that sequence number where it is still known, otherwise a snapshot first. */
  stream(after: number | null, context: ServerContext): ReadableStream<Uint8Array>
  /** Ends all streams; each reader comes again by itself. */
  close(): void
}

const mostReaders = 100
/** What may wait for one reader, in bytes. */
const mostWaiting = 1024 * 1024
const heartbeatMs = 15_000
const encoder = new TextEncoder()
const heartbeat = encoder.encode(': still here\n\n')

interface Reader {
  readonly controller: ReadableStreamDefaultController<Uint8Array>
  readonly context: ServerContext
}

/**
 * Server-Sent Events for any number of readers: one listener at the manager while somebody reads, each event made to
 * bytes once. A reader for whom more than 1 MiB waits is dropped, so that a sleeping page costs no memory.
 */
export function createEventHub(events: ManagerEvents): EventHub {
  const readers = new Set<Reader>()
  let leave: (() => void) | undefined
  let timer: NodeJS.Timeout | undefined

  function add(reader: Reader): void {
    readers.add(reader)
    leave ??= events.listen((event) => tell(encoded(event.type, event.sequence, event)))
    timer ??= setInterval(() => tell(heartbeat), heartbeatMs).unref()
  }

  function remove(reader: Reader): void {
    readers.delete(reader)
    if (readers.size > 0) return
    leave?.()
    clearInterval(timer)
    leave = undefined
    timer = undefined
  }

  function tell(bytes: Uint8Array): void {
    for (const reader of readers) {
      if (!tryEnqueue(reader, bytes)) {
        remove(reader)
        cutAnswer(reader.context, reader.controller)
      }
    }
  }

  return {
    get full() {
      return readers.size >= mostReaders
    },
    stream(after, context) {
      const missed = after === null ? null : events.since(after)
      const state = missed === null ? snapshotText(events) : missed.map(eventText).join('')
      const first = encoder.encode(`retry: 2000\n\n${state}`)
      let reader: Reader | undefined
      return new ReadableStream<Uint8Array>(
        {
          // Called at once: nothing can happen between the state and the first event after it.
          start(controller) {
            controller.enqueue(first)
            reader = { controller, context }
            add(reader)
          },
          cancel() {
            if (reader !== undefined) remove(reader)
          },
        },
        // A large first answer over a slow line must not count as a reader that does not keep up.
        { highWaterMark: mostWaiting + first.byteLength, size: (chunk) => chunk.byteLength },
      )
    },
    close() {
      for (const reader of [...readers]) {
        remove(reader)
        reader.controller.close()
      }
    },
  }
}

/** False when too much waits already. */
function tryEnqueue({ controller }: Reader, bytes: Uint8Array): boolean {
  if ((controller.desiredSize ?? 0) <= 0) return false
  controller.enqueue(bytes)
  return true
}

function snapshotText(events: ManagerEvents): string {
  const snapshot = events.snapshot()
  return message('snapshot', snapshot.sequence, snapshot)
}

function eventText(event: ManagerEvent): string {
  return message(event.type, event.sequence, event)
}

function encoded(type: string, id: number, data: object): Uint8Array {
  return encoder.encode(message(type, id, data))
}

function message(type: string, id: number, data: object): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}
