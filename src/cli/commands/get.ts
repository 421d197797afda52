import { isAbsolute, relative } from 'node:path'
import type { Readable } from 'node:stream'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Engine, EngineOptions, Finished } from '../../transfer/types.ts'
import { engineOptions } from '../engine-options.ts'
import { watchInterrupts } from '../interrupt.ts'
import { choosePrinters } from '../print/choose.ts'
import type { Screen } from '../print/choose.ts'
import { interruptedLine } from '../print/words.ts'
import { createReporter } from '../reporter.ts'
import { checkReferences, wantedFiles } from '../requests.ts'
import type { Wanted } from '../requests.ts'
import { createRunState } from '../run-state.ts'
import { runWorkers } from '../workers.ts'

export interface GetContext {
  readonly screen: Screen
  /** Asked for only when the list comes from there. */
  readonly stdin: () => Readable
  readonly dataDir: string
  readonly cwd: string
  /** Called once the line has been found right. */
  readonly createEngine: (options: EngineOptions) => Promise<Engine>
}

/**
 * `sluice get`: fetches all references and returns the exit code: that of the first reference, in the order given,
 * that failed; 130 after an interrupt. Throws `usage` before anything is begun.
 */
export async function runGet(settings: Settings, references: readonly string[], context: GetContext): Promise<number> {
  checkReferences(settings, references)
  const { screen, cwd } = context
  if (settings.flag('insecure')) {
    screen.err.line('Warning: --insecure accepts any certificate; anyone on the way can change the file.')
  }
  const state = createRunState()
  const printers = await choosePrinters(settings, screen, state)
  const reporter = createReporter(state, printers, screen.now)

  const conclude = (interrupted: boolean): number => {
    const exitCode = interrupted ? 130 : reporter.exitCode()
    reporter.finish(exitCode)
    if (interrupted) screen.err.line(interruptedLine(state))
    return exitCode
  }
  const interrupts = watchInterrupts(() => {
    conclude(true)
    screen.out.raw('')
    screen.err.raw('')
  })
  const { signal } = interrupts

  try {
    const engine = await context.createEngine(engineOptions(settings, context.dataDir))
    const handle = settings.flag('dry-run') ? preview : fetchFile

    async function preview({ request }: Sound, index: number): Promise<void> {
      reporter.preview(index, await engine.preview(request, { signal }))
    }

    async function fetchFile({ reference, request }: Sound, index: number): Promise<void> {
      const finished = await engine.get(request, { signal, onEvent: (event) => reporter.running(index, event) })
      reporter.completed(index, { ...finished, reference, path: shownPath(finished, request.dir, cwd) })
    }

    const work = async (wanted: Wanted, index: number): Promise<void> => {
      reporter.begin(index, wanted.reference)
      try {
        const { reference, request } = wanted
        if (request instanceof SluiceError) throw request
        await handle({ reference, request }, index)
      } catch (error) {
        reporter.failed(index, wanted.reference, error)
      }
    }

    try {
      const wanted = wantedFiles(settings, references, context.stdin, signal)
      await runWorkers(reporter.untilLast(wanted), settings.number('jobs') ?? 4, work, () => signal.aborted)
    } finally {
      await engine.close()
    }
  } catch (error) {
    reporter.runFailed(error)
  }
  interrupts.stop()
  return conclude(signal.aborted && (state.parts.length > 0 || !state.allStarted))
}

type Sound = Pick<Wanted, 'reference'> & { readonly request: Exclude<Wanted['request'], SluiceError> }

/** Paths are printed the way the user gave the folder: relative stays relative. */
function shownPath(finished: Finished, dir: string, cwd: string): string {
  return isAbsolute(finished.path) && !isAbsolute(dir) ? relative(cwd, finished.path) : finished.path
}
