import type { Clock } from './clock.ts'
import type { Sent, WebhookMessage } from './webhook-request.ts'

export interface WebhookQueueOptions {
  /** Sends once; undefined when nobody wants the message any longer. Must not reject. */
  readonly send: (id: string, message: WebhookMessage) => Promise<Sent | undefined>
  /** Hears how a delivery ended. Must not reject. */
  readonly finished: (id: string, sent: Sent) => Promise<void>
  readonly dropped: (id: string) => void
  readonly clock: Clock
  readonly signal: AbortSignal
}

export interface WebhookQueue {
  push(id: string, message: WebhookMessage): void
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const pauses = [1000, 5000, 25_000]
const most = 1000

/**
 * Deliveries in order, one at a time for each webhook, so that a slow receiver holds up no other. What fails for now is
 * tried three times more. At most 1000 wait; the oldest gives way.
 */
export function createWebhookQueue(options: WebhookQueueOptions): WebhookQueue {
  const { signal } = options
  const waiting: Array<{ readonly id: string; readonly message: WebhookMessage }> = []
  const running = new Map<string, Promise<void>>()

  const deliver = async (id: string, message: WebhookMessage): Promise<void> => {
    for (const pause of [...pauses, 0]) {
      const sent = await options.send(id, message)
      if (sent === undefined || signal.aborted) return
      if (!sent.again || pause === 0) return options.finished(id, sent)
      await pauseFor(pause)
      if (signal.aborted) return
    }
  }
  const pauseFor = async (milliseconds: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const callOff = options.clock.after(milliseconds, resolve)
    const stop = (): void => resolve()
    signal.addEventListener('abort', stop, { once: true })
    await promise
    // The signal lives as long as the daemon.
    signal.removeEventListener('abort', stop)
    callOff()
  }
  const pump = (): void => {
    for (let index = 0; index < waiting.length;) {
      const next = waiting[index]
      if (next === undefined || running.has(next.id)) {
        index++
        continue
      }
      waiting.splice(index, 1)
      running.set(next.id, run(next.id, next.message))
    }
  }
  const run = async (id: string, message: WebhookMessage): Promise<void> => {
    await deliver(id, message)
    running.delete(id)
    if (!signal.aborted) pump()
  }

  return {
    push: (id, message) => {
      if (signal.aborted) return
      waiting.push({ id, message })
      pump()
      if (waiting.length <= most) return
      const oldest = waiting.shift()
      if (oldest !== undefined) options.dropped(oldest.id)
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values())
    },
  }
}
