import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { PullOption } from '../../config/model-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { parseModel, sessionName } from '../../core/model-name.ts'
import { parsePlatform } from '../../core/platform.ts'
import { openPuller } from '../../models/open-puller.ts'
import type { PullEvent, PullRequest, PullTarget } from '../../models/types.ts'
import { findModelsFolder } from '../../models/model-library.ts'
import { createEngine } from '../../transfer/engine.ts'
import type { TransferEvent } from '../../transfer/types.ts'
import { engineOptions } from '../engine-options.ts'
import { watchInterrupts } from '../interrupt.ts'
import { choosePrinters } from '../print/choose.ts'
import type { Screen } from '../print/choose.ts'
import { printPullPreview } from '../print/pull-preview.ts'
import { interruptedLine } from '../print/words.ts'
import { createReporter } from '../reporter.ts'
import { createRunState } from '../run-state.ts'

export interface PullContext {
  readonly screen: Screen
  readonly dataDir: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * `sluice pull`: pulls the models one after the other and returns the exit code: that of the first that failed; 130
 * after an interrupt. Throws `usage` and `bad-model-name` before anything is begun.
 */
export async function runPull(
  settings: Settings<PullOption>,
  models: readonly string[],
  context: PullContext,
): Promise<number> {
  const requests = pullRequests(settings, models, context)
  const { screen } = context
  if (settings.flag('insecure'))
    screen.err.line('Warning: --insecure accepts any certificate; anyone on the way can change what is not a blob.')
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
    const options = engineOptions(settings, context.dataDir)
    const engine = await createEngine(options, (message) => screen.err.line(`Warning: ${message}`))
    const puller = await openPuller({ engine: async () => engine, connection: options, env: context.env })
    try {
      for (const [index, request] of requests.entries()) {
        if (signal.aborted) break
        reporter.begin(index, request.model)
        try {
          if (settings.flag('dry-run')) {
            const preview = await puller.preview(request, { signal })
            state.completed++
            state.running.delete(index)
            printPullPreview(settings, screen, preview)
            continue
          }
          const onEvent = (event: PullEvent): void => {
            if (isTransferEvent(event)) reporter.running(index, event)
          }
          const pulled = await puller.pull(request, { signal, onEvent })
          reporter.completed(index, pulled)
          if (pulled.stagingKept !== undefined && !settings.flag('quiet'))
            screen.err.line(`staging kept at: ${pulled.stagingKept}`)
        } catch (error) {
          reporter.failed(index, request.model, error)
        }
      }
      state.allStarted = !signal.aborted
    } finally {
      await puller.close()
      await engine.close()
    }
  } catch (error) {
    reporter.runFailed(error)
  }
  interrupts.stop()
  return conclude(signal.aborted && (state.parts.length > 0 || !state.allStarted))
}

const isTransferEvent = (event: PullEvent): event is TransferEvent => event.type !== 'files' && event.type !== 'phase'

function pullRequests(
  settings: Settings<PullOption>,
  models: readonly string[],
  { cwd, env }: PullContext,
): PullRequest[] {
  if (models.length === 0) {
    throw new SluiceError('usage', 'There is nothing to pull: no model was given.', {
      hint: 'Write sluice pull llama3.2:1b. See sluice pull --help.',
    })
  }
  if (settings.flag('ipv4') && settings.flag('ipv6')) throw new SluiceError('usage', '-4 and -6 exclude each other.')
  const target = targetOf(settings, cwd)
  if (target?.kind === 'zip') {
    if (models.length > 1) throw new SluiceError('usage', '--zip belongs to a single model, not to several.')
    refuseFolder(settings.text('zip') ?? '', target.path, models[0] ?? '')
  }
  const registry = settings.text('registry')
  const platform = settings.text('platform')
  const connections = settings.number('connections')
  const modelsDir = settings.text('models-dir')
  if (platform !== undefined) parsePlatform(platform)
  const base = {
    modelsDir: modelsDir === undefined ? findModelsFolder(env) : resolve(cwd, modelsDir),
    filesDir: cwd,
    onlyModels: modelsDir !== undefined && !settings.isFromFile('models-dir'),
    concurrency: settings.number('concurrency') ?? 4,
    retries: settings.number('retries') ?? 5,
    keepStaging: settings.flag('keep-staging'),
    ifExists: ifExistsOf(settings),
    ...(target === undefined ? {} : { target }),
    ...(registry === undefined ? {} : { registry }),
    ...(platform === undefined ? {} : { platform }),
    ...(connections === undefined || connections === 0 ? {} : { connections }),
  }
  for (const model of models) parseModel(model, registry === undefined ? {} : { registry })
  return models.map((model) => ({ model, ...base }))
}

function targetOf(settings: Settings<PullOption>, cwd: string): PullTarget | undefined {
  const given = (['models-dir', 'zip', 'files', 'oci-layout'] as const).filter(
    (name) => settings.text(name) !== undefined,
  )
  // A models folder of the configuration file is only where installing goes.
  const chosen = given.filter((name) => name !== 'models-dir')
  if (chosen.length > 1)
    throw new SluiceError('usage', `${chosen.map((name) => `--${name}`).join(' and ')} exclude each other.`)
  const [name] = chosen
  const path = name === undefined ? undefined : settings.text(name)
  if (path === '') throw new SluiceError('usage', `--${name ?? ''} needs a path.`)
  if (name === 'zip') return { kind: 'zip', path: resolve(cwd, path ?? '') }
  if (name === 'files') return { kind: 'files', dir: resolve(cwd, path ?? '') }
  if (name === 'oci-layout') return { kind: 'layout', dir: resolve(cwd, path ?? '') }
  return undefined
}

/** Otherwise the zip would lie beside the folder that it was meant for, under its name with a number. */
function refuseFolder(typed: string, path: string, model: string): void {
  if (!/[/\\]$/.test(typed) && statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return
  throw new SluiceError('usage', `--zip: ${typed} is a folder, not the name of a zip file.`, {
    hint: `Write --zip ${join(typed, `${sessionName(model)}.zip`)}`,
  })
}

function ifExistsOf(settings: Settings<PullOption>): NonNullable<PullRequest['ifExists']> {
  const choice = settings.text('if-exists')
  return choice === 'overwrite' || choice === 'skip' || choice === 'fail' ? choice : 'rename'
}
