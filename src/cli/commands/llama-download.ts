import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { asSluiceError } from '../../core/errors.ts'
import { downloadPlatforms } from '../../libraries/download-platforms.ts'
import type { DownloadEvent } from '../../libraries/download-types.ts'
import type { PlatformResult } from '../../libraries/types.ts'
import type { CommandContext } from '../command.ts'
import { compileHotCode } from '../compiler.ts'
import { watchInterrupts } from '../interrupt.ts'
import { noOperands } from '../operands.ts'
import { choosePrinters } from '../print/choose.ts'
import type { Screen } from '../print/choose.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { platformJson, platformLines } from '../print/platform-results.ts'
import { interruptedLine } from '../print/words.ts'
import { createReporter } from '../reporter.ts'
import type { Reporter } from '../reporter.ts'
import { createRunState } from '../run-state.ts'
import { downloadRequest } from './llama-requests.ts'
import { withLibraries } from './llama-world.ts'

/** `sluice llama download`; the exit code is that of the first platform, in the order given, that failed. */
export async function runDownload(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const request = downloadRequest(settings)
  compileHotCode(true)
  const { screen } = context
  const isJson = settings.flag('json')
  const state = createRunState()
  const printers = await choosePrinters(settings, isJson ? screen : withoutPaths(screen), state)
  const reporter = createReporter(state, printers, screen.now)
  const interrupts = watchInterrupts(() => screen.err.raw(`${interruptedLine(state)}\n`))
  const { signal } = interrupts
  let results: readonly PlatformResult[] = []
  let exitCode = 0
  try {
    results = await withLibraries(settings, context, (world, onWarning) => {
      const hear = listener(reporter, settings, screen, onWarning)
      return downloadPlatforms(world, request, { signal, onEvent: hear })
    })
    state.allStarted = true
    exitCode =
      results.map(({ error }) => (error === null ? 0 : asSluiceError(error).exitCode)).find((code) => code > 0) ?? 0
  } catch (error) {
    if (!signal.aborted) {
      interrupts.stop()
      reporter.finish(asSluiceError(error).exitCode)
      throw error
    }
    exitCode = 130
  }
  interrupts.stop()
  if (isJson) for (const result of results) screen.out.line(platformJson(result))
  reporter.finish(exitCode)
  if (signal.aborted) screen.err.line(interruptedLine(state))
  else if (!isJson) for (const line of platformLines(results, settings.flag('checksum'))) screen.out.line(line)
  return exitCode
}

/** The same screen for printers that would print paths: stdout is for the results. */
function withoutPaths(screen: Screen): Screen {
  const out = { ...screen.out, line: () => {}, raw: () => {} }
  return { ...screen, out, outIsTerminal: false }
}

function listener(
  reporter: Reporter,
  settings: Settings<LlamaOption>,
  { out, err }: Screen,
  onWarning: (message: string) => void,
): (event: DownloadEvent) => void {
  const names = new Map<number, string>()
  return (event) => {
    switch (event.type) {
      case 'release':
        if (settings.flag('json')) out.line(cleanJson({ type: 'release', tag: event.tag, why: event.why }))
        else if (!settings.flag('quiet')) for (const sentence of event.why) err.line(clean(sentence))
        return
      case 'warning':
        return onWarning(event.message)
      case 'begin': {
        const { platform, variant } = event
        const name = variant === null || variant === 'cpu' ? platform : `${platform} ${variant}`
        names.set(event.index, name)
        return reporter.begin(event.index, name)
      }
      case 'transfer':
        return reporter.running(event.index, named(event.event, names.get(event.index) ?? ''))
      case 'phase':
        return undefined
      case 'done': {
        const { index, result, bytes, seconds, verifiedBy } = event
        const title = names.get(index) ?? result.platform
        if (result.error !== null) return reporter.failed(index, title, result.error)
        return reporter.completed(index, {
          reference: title,
          title,
          path: result.libraryPath,
          bytes,
          seconds,
          verdict: verifiedBy === null ? 'length-only' : 'verified',
          digests: { sha256: result.sha256Sum },
          alreadyThere: result.fromCache,
        })
      }
    }
  }
}

/** Events speak of the platform, not of the archive. */
function named<E extends { readonly type: string }>(event: E, title: string): E {
  return event.type === 'start' ? { ...event, title, reference: title } : { ...event, reference: title }
}
