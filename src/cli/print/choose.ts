import type { Settings } from '../../config/resolve.ts'
import type { RunState } from '../run-state.ts'
import { clean } from './clean.ts'
import type { Output } from './output.ts'
import { createPathPrinter } from './paths.ts'
import type { Printer } from './printer.ts'
import { createTextPrinter } from './text.ts'

/** Where a run is shown, and what the streams can do. */
export interface Screen {
  readonly out: Output
  readonly err: Output
  readonly outIsTerminal: boolean
  /** stderr is a terminal that can move its cursor. */
  readonly live: boolean
  /** Columns and rows of stderr. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

type TakeLine = (text: string) => void

/** The printers for stdout and stderr that the flags ask for; the larger ones are loaded only when needed. */
export async function choosePrinters(settings: Settings, screen: Screen, state: RunState): Promise<Printer[]> {
  const { out, err } = screen
  const verbose = settings.flag('verbose')
  const toErr: TakeLine = (text) => err.line(text)
  const toOut: TakeLine = (text) => out.line(screen.outIsTerminal ? clean(text) : text)

  if (settings.flag('json')) {
    const { createJsonPrinter } = await import('./json.ts')
    return [
      createJsonPrinter(out, state, screen.now),
      createTextPrinter({ line: toErr, verbose, quiet: true, starts: false }),
    ]
  }
  const quiet = settings.flag('quiet')
  if (quiet || settings.flag('no-progress') || settings.flag('dry-run')) {
    return [createPathPrinter(toOut), createTextPrinter({ line: toErr, verbose, quiet, starts: false })]
  }
  if (screen.live) return livePrinters(screen, state, verbose)
  const { startTicker } = await import('./ticker.ts')
  const text = createTextPrinter({ line: toErr, verbose, quiet, starts: true })
  return [createPathPrinter(toOut), stoppedBy(text, startTicker(toErr, state))]
}

async function livePrinters(screen: Screen, state: RunState, verbose: boolean): Promise<Printer[]> {
  const { createLiveScreen } = await import('./live.ts')
  const { out, err, outIsTerminal } = screen
  const live = createLiveScreen({ out, err, state, size: screen.size, now: screen.now })
  const text = createTextPrinter({ line: (line) => live.line(line), verbose, quiet: false, starts: false })
  const paths = createPathPrinter((path) => (outIsTerminal ? live.data(clean(path)) : out.line(path)))
  return [paths, stoppedBy(text, () => live.stop())]
}

/** The same printer, which first stops what moves beside it. */
function stoppedBy(printer: Printer, stop: () => void): Printer {
  return {
    ...printer,
    finish(summary) {
      stop()
      printer.finish(summary)
    },
  }
}
