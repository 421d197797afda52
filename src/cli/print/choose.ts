import type { Settings } from '../../config/resolve.ts'
import type { RunState } from '../run-state.ts'
import type { Output } from './output.ts'
import type { Printer } from './printer.ts'

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

/** The printer for stdout and the one for stderr that the flags ask for; only what is needed is loaded. */
export async function choosePrinters(settings: Settings, screen: Screen, state: RunState): Promise<Printer[]> {
  return [await dataPrinter(settings, screen, state), await messagePrinter(settings, screen, state)]
}

async function dataPrinter(settings: Settings, screen: Screen, state: RunState): Promise<Printer> {
  if (settings.flag('json')) {
    const { createJsonPrinter } = await import('./json.ts')
    return createJsonPrinter(screen.out, state, screen.now)
  }
  const { createPathPrinter } = await import('./paths.ts')
  return createPathPrinter(screen.out, screen.outIsTerminal)
}

async function messagePrinter(settings: Settings, screen: Screen, state: RunState): Promise<Printer> {
  const { createTextPrinter } = await import('./text.ts')
  const verbose = settings.flag('verbose')
  const quiet = settings.flag('quiet') || settings.flag('json')
  const silentProgress = quiet || settings.flag('no-progress') || settings.flag('dry-run')
  if (silentProgress || !screen.live) {
    const line = (text: string): void => screen.err.line(text)
    const text = createTextPrinter({ line, verbose, quiet, starts: !silentProgress })
    if (silentProgress) return text
    const { startTicker } = await import('./ticker.ts')
    return stoppedBy(text, startTicker(line, state))
  }
  const { createLiveScreen } = await import('./live.ts')
  const live = createLiveScreen({ out: screen.err, state, size: screen.size, now: screen.now })
  let line = (text: string): void => live.line(text)
  const stop = (): void => {
    live.stop()
    line = (text) => screen.err.line(text)
  }
  return stoppedBy(createTextPrinter({ line: (text) => line(text), verbose, quiet, starts: false }), stop)
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
