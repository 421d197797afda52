import { SluiceError } from '../core/errors.ts'

/** What the promise gives, or `interrupted` as soon as the signal aborts. */
export function orAbort<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const stop = (): void => {
    const reason: unknown = signal.reason
    reject(
      reason instanceof SluiceError
        ? reason
        : new SluiceError('interrupted', 'The request was interrupted.', { cause: reason }),
    )
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return Promise.race([promise, stopped]).finally(() => signal.removeEventListener('abort', stop))
}
