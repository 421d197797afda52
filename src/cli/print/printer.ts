import type { Preview, TransferEvent } from '../../transfer/types.ts'
import type { Summary } from './words.ts'

/** Shows a run to somebody. Calls are cheap: whatever is slow waits for the printer's own timer. */
export interface Printer {
  /** What happened to the reference of this number; its state is already up to date. */
  event(index: number, event: TransferEvent): void
  preview(preview: Preview): void
  /** Stops timers and clears what is live; called once, after the last event. */
  finish(summary: Summary): void
}
