import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { Authorize } from '../wire/types.ts'
import { errorData, errorFrom } from './engine-messages.ts'
import type { FromThread, ToThread } from './engine-messages.ts'

type Asked = Extract<FromThread, { readonly kind: 'authorize' }>
type Answered = Extract<ToThread, { readonly kind: 'authorized' | 'authorize-failed' }>

/** The side of the engine's thread: stands for functions that only the other thread has. */
export interface Asker {
  /** The `authorize` of a call. */
  authorizeOf(call: number): Authorize
  answered(message: Answered): void
}

export function createAsker(tell: (message: FromThread) => void): Asker {
  const waiting = new Map<number, PromiseWithResolvers<string | null>>()
  let count = 0
  return {
    authorizeOf: (call) => async (refused, signal) => {
      const ask = ++count
      const answer = Promise.withResolvers<string | null>()
      waiting.set(ask, answer)
      const abort = (): void => {
        waiting.delete(ask)
        tell({ kind: 'authorize-abort', call, ask })
        answer.reject(new SluiceError('interrupted', 'The download was interrupted.'))
      }
      tell({ kind: 'authorize', call, ask, refused })
      signal?.addEventListener('abort', abort, { once: true })
      try {
        return await answer.promise
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    answered(message) {
      const answer = waiting.get(message.ask)
      waiting.delete(message.ask)
      if (message.kind === 'authorized') answer?.resolve(message.value)
      else answer?.reject(errorFrom(message.error))
    },
  }
}

/** The side of the thread that has the functions: what is being asked of them. */
export interface Asks {
  begin(message: Asked, authorize: Authorize): void
  abort(ask: number): void
  /** Nobody waits for any of it any more. */
  abortAll(): void
}

export function createAsks(send: (message: Answered) => void): Asks {
  const controllers = new Map<number, AbortController>()

  async function answer({ ask, refused }: Asked, authorize: Authorize, signal: AbortSignal): Promise<Answered> {
    try {
      return { kind: 'authorized', ask, value: await authorize(refused, signal) }
    } catch (error) {
      return { kind: 'authorize-failed', ask, error: errorData(asSluiceError(error)) }
    }
  }

  return {
    begin(message, authorize) {
      const controller = new AbortController()
      controllers.set(message.ask, controller)
      void answer(message, authorize, controller.signal).then((said) => {
        if (controllers.delete(message.ask)) send(said)
      })
    },
    abort: (ask) => controllers.get(ask)?.abort(),
    abortAll() {
      for (const controller of controllers.values()) controller.abort()
      controllers.clear()
    },
  }
}
