import { setMaxListeners } from 'node:events'
import { SluiceError } from '../core/errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** A launcher may pass on a signal that the terminal has already sent to all: within this time it is the same one. */
const sameSignalMs = 400
/** How long a clean end may take. */
const patienceMs = 3000

export interface Interrupts {
  /** Aborted by the first signal; its reason is the error `interrupted`, for whatever throws it as it is. */
  readonly signal: AbortSignal
  /** Ends the watch: signals do again what they do by default. */
  stop(): void
}

/**
 * Turns the first Ctrl-C, SIGTERM or SIGHUP into an abort. A second one, or three seconds of waiting, ends the process
 * with exit code 130 at once, after calling `lastWords`.
 */
export function watchInterrupts(lastWords: () => void): Interrupts {
  const controller = new AbortController()
  // Every file of a run listens to this one.
  setMaxListeners(0, controller.signal)
  let first: number | undefined
  let timer: NodeJS.Timeout | undefined

  const leave = (): void => {
    lastWords()
    process.exit(130)
  }
  const onSignal = (): void => {
    if (first === undefined) {
      first = performance.now()
      timer = setTimeout(leave, patienceMs)
      controller.abort(new SluiceError('interrupted', 'Interrupted.', { hint: 'Run the same line again.' }))
    } else if (performance.now() - first > sameSignalMs) {
      leave()
    }
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer)
      for (const name of signals) process.removeListener(name, onSignal)
    },
  }
}
