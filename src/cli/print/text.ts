import { formatDuration } from '../../core/units.ts'
import { clean } from './clean.ts'
import type { Printer } from './printer.ts'
import { shownReference } from './reference.ts'
import { doneLine, errorLines, startLine, summaryLine } from './words.ts'

export interface TextOptions {
  /** Takes a finished line. */
  readonly line: (text: string) => void
  /** Also redirects, retries and causes. */
  readonly verbose: boolean
  /** Errors only. */
  readonly quiet: boolean
  /** Say when a file begins; a live display shows that itself. */
  readonly starts: boolean
}

/** Warnings that are no trouble: told like redirects. */
const facts: ReadonlySet<string> = new Set(['connections-capped', 'redirected'])

/** Messages in words, a line or two for each event that matters to a person. */
export function createTextPrinter({ line, verbose, quiet, starts }: TextOptions): Printer {
  return {
    event(_index, event) {
      switch (event.type) {
        case 'start':
          if (quiet) break
          if (starts) line(startLine(event))
          if (verbose && shownReference(event.url) !== shownReference(event.reference)) {
            line(`${clean(shownReference(event.reference))}: comes from ${clean(shownReference(event.url))}`)
          }
          break
        case 'warning':
          if (!quiet && (verbose || !facts.has(event.code)))
            line(`${clean(shownReference(event.reference))}: ${clean(event.message)}`)
          break
        case 'retry': {
          if (quiet || !verbose) break
          const when = event.delay > 0 ? `in ${formatDuration(event.delay)}` : 'now'
          line(`${clean(shownReference(event.reference))}: ${clean(event.message)} Attempt ${event.attempt} ${when}.`)
          break
        }
        case 'completed':
          if (!quiet) line(doneLine(event))
          break
        case 'error':
          // After an interrupt one line tells about all files.
          if (event.error.code === 'interrupted') break
          for (const text of errorLines(clean(shownReference(event.reference)), event.error, verbose)) line(text)
          break
        case 'progress':
          break
      }
    },
    preview() {},
    finish(summary) {
      if (!quiet && summary.files > 1) line(summaryLine(summary))
    },
  }
}
