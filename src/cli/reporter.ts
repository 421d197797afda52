import { asSluiceError } from '../core/errors.ts'
import type { Finished, Preview, TransferEvent } from '../transfer/types.ts'
import { clean } from './print/clean.ts'
import type { Printer } from './print/printer.ts'
import { shownReference } from './print/reference.ts'
import { apply, begin } from './run-state.ts'
import type { RunState } from './run-state.ts'

/** Keeps the state of a run, tells its printers, and finds the exit code. Files go by the number of their reference. */
export interface Reporter {
  begin(index: number, reference: string): void
  /** An event of a file on the move; how it ends is told by `completed` and `failed`. */
  running(index: number, event: TransferEvent): void
  completed(index: number, finished: Finished): void
  preview(index: number, preview: Preview): void
  failed(index: number, reference: string, error: unknown): void
  /** The run as a whole went wrong: no engine, or a list that cannot be read. */
  runFailed(error: unknown): void
  /** Passes items on and notes when the last one was taken; an end after `stopped()` is none. */
  untilLast<T>(items: AsyncIterable<T>, stopped: () => boolean): AsyncGenerator<T>
  /** Of the first failed reference, in the order given; 0 when none failed. */
  exitCode(): number
  /** Ends the printers; later calls do nothing. */
  finish(exitCode: number): void
}

/** `now` in ms, monotonic. */
export function createReporter(state: RunState, printers: readonly Printer[], now: () => number): Reporter {
  const started = now()
  let firstFailure = { index: Infinity, exit: 0 }
  let finished = false

  const tell = (index: number, event: TransferEvent): void => {
    apply(state, index, event, now())
    for (const printer of printers) printer.event(index, event)
  }
  const failed = (index: number, reference: string, value: unknown): void => {
    const error = asSluiceError(value)
    if (index < firstFailure.index) firstFailure = { index, exit: error.exitCode }
    tell(index, { type: 'error', id: index, reference, error })
  }

  return {
    begin: (index, reference) => begin(state, index, clean(shownReference(reference))),
    running(index, event) {
      if (event.type !== 'completed' && event.type !== 'error') tell(index, event)
    },
    completed: (index, file) => tell(index, { type: 'completed', id: index, ...file }),
    preview(index, preview) {
      state.running.delete(index)
      state.completed++
      for (const printer of printers) printer.preview(preview)
    },
    failed,
    runFailed(error) {
      // It has no reference of its own, but counts as a failure after those that were begun.
      begin(state, state.files, '')
      failed(state.files - 1, '', error)
    },
    async *untilLast(items, stopped) {
      yield* items
      state.allStarted = !stopped()
    },
    exitCode: () => firstFailure.exit,
    finish(exitCode) {
      if (finished) return
      finished = true
      const { files, completed, bytes } = state
      const seconds = (now() - started) / 1000
      for (const printer of printers)
        printer.finish({ files, completed, failed: state.failed, bytes, seconds, exitCode })
    },
  }
}
