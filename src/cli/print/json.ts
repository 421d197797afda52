import type { TransferEvent } from '../../transfer/types.ts'
import type { RunState } from '../run-state.ts'
import { cleanJson } from './clean.ts'
import type { Output } from './output.ts'
import type { Printer } from './printer.ts'
import { shownReference } from './reference.ts'

/** Progress of a file comes at once the first time, then after this many milliseconds, checked four times a second. */
const progressMs = 700
const tickMs = 250

/** One JSON object per line, with the events and fields of docs/formats.md. `now` in ms, monotonic. */
export function createJsonPrinter(out: Output, state: RunState, now: () => number): Printer {
  const told = new Map<number, number>()
  const timer = setInterval(() => tick(), tickMs)
  // Alone it must not keep the process alive.
  timer.unref()

  const tick = (): void => {
    for (const index of told.keys()) tell(index)
  }

  const tell = (index: number): void => {
    const file = state.running.get(index)
    if (file === undefined || now() - (told.get(index) ?? -Infinity) < progressMs) return
    told.set(index, now())
    const { reference, bytesDone, bytesTotal, speed, eta, connections } = file
    const numbers = { bytesDone, bytesTotal, speed: Math.round(speed), eta: eta === null ? null : Math.ceil(eta) }
    out.line(cleanJson({ type: 'progress', reference, ...numbers, connections }))
  }

  return {
    event(index, event) {
      if (event.type === 'progress') return told.has(index) ? undefined : tell(index)
      if (event.type === 'completed' || event.type === 'error') told.delete(index)
      out.line(cleanJson(fields(event)))
    },
    preview(preview) {
      const { filename, size, resumable, digestKnown, type: contentType } = preview
      const [reference, url] = [shownReference(preview.reference), shownReference(preview.url)]
      out.line(
        cleanJson({ type: 'start', dryRun: true, reference, url, filename, size, resumable, digestKnown, contentType }),
      )
    },
    finish(summary) {
      clearInterval(timer)
      const { files, completed, failed, bytes, seconds, exitCode } = summary
      out.line(cleanJson({ type: 'summary', files, completed, failed, bytes, seconds: rounded(seconds), exitCode }))
    },
  }
}

function fields(event: Exclude<TransferEvent, { type: 'progress' }>): object {
  const reference = shownReference(event.reference)
  switch (event.type) {
    case 'start': {
      const { type, url, path, bytesTotal, resumedFrom } = event
      return { type, reference, url: shownReference(url), path, bytesTotal, resumedFrom }
    }
    case 'warning':
      return { type: event.type, reference, code: event.code, message: event.message }
    case 'retry': {
      const { type, code, message, delay, attempt } = event
      return { type, reference, code, message, delay: rounded(delay), attempt }
    }
    case 'completed': {
      const { type, path, bytes, verdict, digests, alreadyThere } = event
      return { type, reference, path, bytes, seconds: rounded(event.seconds), verdict, digests, alreadyThere }
    }
    case 'error': {
      const { code, message, hint, retryable } = event.error
      return { type: event.type, reference, code, message, hint, retryable }
    }
  }
}

/** To milliseconds, but a time that was not nothing stays above zero. */
function rounded(seconds: number): number {
  return seconds > 0 ? Math.max(0.001, Math.round(seconds * 1000) / 1000) : 0
}
