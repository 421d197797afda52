import { asSluiceError } from '../../core/errors.ts'
import type { SluiceError } from '../../core/errors.ts'
import { clean, cleanJson } from './clean.ts'
import type { Output } from './output.ts'
import { errorLines } from './words.ts'

/** Counts the failures of a command that does several things, tells them, and keeps the exit code of the first. */
export interface Failures {
  /** `what` it was done to: an id or a reference, as it may be shown. */
  tell(what: string, error: unknown): void
  exitCode(): number
}

export interface FailureOptions {
  readonly out: Output
  readonly err: Output
  /** Also as a JSON line on stdout; `key` is the name of `what` there. */
  readonly json: boolean
  readonly key: string
  readonly verbose: boolean
}

export function createFailures({ out, err, json, key, verbose }: FailureOptions): Failures {
  let first = 0
  return {
    tell(what, value) {
      const error: SluiceError = asSluiceError(value)
      if (first === 0) first = error.exitCode
      const { code, message, hint, retryable } = error
      if (json) out.line(cleanJson({ type: 'error', [key]: what, code, message, hint, retryable }))
      for (const line of errorLines(clean(what), error, verbose)) err.line(line)
    },
    exitCode: () => first,
  }
}
