import { isAbsolute, relative } from 'node:path'
import type { Readable } from 'node:stream'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Engine, EngineOptions, FileRequest, Finished } from '../../transfer/types.ts'
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

/** What a run in the foreground needs of an engine. */
export type GetEngine = Pick<Engine, 'get' | 'preview' | 'close'>

export interface GetContext {
  readonly screen: Screen
  /** Asked for only when the list comes from there. */
  readonly stdin: () => Readable
  readonly dataDir: string
  readonly cwd: string
  /** Called once the line has been found right. */
  readonly createEngine: (options: EngineOptions, onWarning: (message: string) => void) => Promise<GetEngine>
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
    else if (state.files === 0) screen.err.line('Nothing to do: the list has no reference.')
    return exitCode
  }
  const interrupts = watchInterrupts(() => {
    conclude(true)
    screen.out.raw('')
    screen.err.raw('')
  })
  const { signal } = interrupts

  const stopped = (): boolean => signal.aborted

  try {
    const engine = await context.createEngine(engineOptions(settings, context.dataDir), (message) =>
      screen.err.line(`Warning: ${message}`),
    )
    const preview = async (request: FileRequest, index: number): Promise<void> =>
      reporter.preview(index, await engine.preview(request, { signal }))
    const fetchFile = async (request: FileRequest, index: number): Promise<void> => {
      const finished = await engine.get(request, { signal, onEvent: (event) => reporter.running(index, event) })
      reporter.completed(index, { ...finished, path: shownPath(finished, request.dir, cwd) })
    }
    const handle = settings.flag('dry-run') ? preview : fetchFile
    const work = async ({ reference, request }: Wanted, index: number): Promise<void> => {
      reporter.begin(index, reference)
      try {
        if (request instanceof SluiceError) throw request
        await handle(request, index)
      } catch (error) {
        reporter.failed(index, reference, error)
      }
    }

    try {
      const wanted = reporter.untilLast(wantedFiles(settings, references, context.stdin, signal), stopped)
      await runWorkers(wanted, settings.number('jobs') ?? 4, work, stopped)
    } finally {
      await engine.close()
    }
  } catch (error) {
    reporter.runFailed(error)
  }
  interrupts.stop()
  return conclude(stopped() && (state.parts.length > 0 || !state.allStarted))
}

/** Paths are printed the way the user gave the folder: relative stays relative. */
function shownPath(finished: Finished, dir: string, cwd: string): string {
  return isAbsolute(finished.path) && !isAbsolute(dir) ? relative(cwd, finished.path) : finished.path
}
