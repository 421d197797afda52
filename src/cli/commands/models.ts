import { resolve } from 'node:path'
import { modelsOptions } from '../../config/model-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { formatBytes } from '../../core/units.ts'
import type { ModelCheck, ModelLibrary } from '../../models/types.ts'
import type { Command, CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { showByteWork } from '../print/byte-work.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { createFailures } from '../print/failures.ts'
import type { FailureOptions } from '../print/failures.ts'
import { localTime } from '../print/local-time.ts'
import { modelColumns } from '../print/model-table.ts'
import type { Output } from '../print/output.ts'
import { tableLines } from '../print/table.ts'

type ModelsOption = (typeof modelsOptions)[number]['name']

export const modelsCommand: Command<ModelsOption> = {
  options: modelsOptions,
  examples: ['sluice models', 'sluice models --verify', 'sluice models rm llama3.2:1b', 'sluice models leftovers rm'],
  async run(settings, operands, context) {
    const { createModelLibrary, findModelsFolder } = await import('../../models/model-library.ts')
    const modelsDir = settings.text('models-dir')
    const dir = modelsDir === undefined ? findModelsFolder(context.env) : resolve(context.cwd, modelsDir)
    const onWarning = (message: string): void => context.screen.err.line(`Warning: ${clean(message)}`)
    const library = createModelLibrary(dir, { onWarning })
    const [action, ...names] = operands
    if (action === 'rm') return remove(library, names, settings, context)
    if (action === 'leftovers') return leftovers(library, names, settings, context)
    if (action === 'list' && names.length > 0) throw new SluiceError('usage', 'sluice models list takes no names.')
    if (settings.flag('verify')) return verify(library, action === 'list' ? [] : operands, settings, context)
    if (action !== undefined && action !== 'list') {
      throw new SluiceError('usage', `There is no "sluice models ${clean(action)}".`, {
        hint: 'sluice models, sluice models --verify [NAME...], sluice models rm NAME..., or sluice models leftovers [rm]',
      })
    }
    return list(library, dir, settings, context)
  },
}

async function list(
  library: ModelLibrary,
  dir: string,
  settings: Settings<ModelsOption>,
  context: CommandContext,
): Promise<number> {
  const { out, err } = context.screen
  const models = await library.list()
  if (settings.flag('json')) for (const model of models) out.line(cleanJson({ type: 'model', ...model }))
  else if (models.length > 0) tableLines(modelColumns, models, context.columns()).forEach((line) => out.line(line))
  if (models.length === 0 && !settings.flag('quiet')) err.line(`No models in ${clean(dir)}.`)
  return 0
}

/** The code of the first that could not be checked, else 5 when one is damaged. */
async function verify(
  library: ModelLibrary,
  names: readonly string[],
  settings: Settings<ModelsOption>,
  { screen }: CommandContext,
): Promise<number> {
  const { out, err } = screen
  const interrupts = watchInterrupts(() => undefined)
  const { signal } = interrupts
  const failures = createFailures({ ...failureOptions(settings), out, err })
  let damaged = 0
  try {
    const all = names.length > 0 ? names : (await library.list()).map(({ fullName }) => fullName)
    for (const name of all) {
      const work = await showByteWork(settings, screen, clean(name))
      try {
        const check = await library.verify(name, { signal, onProgress: work.onProgress })
        work.stop()
        if (check.verdict === 'damaged') damaged++
        tellCheck(check, settings, out)
      } catch (error) {
        work.stop()
        if (signal.aborted) throw error
        failures.tell(name, error)
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
    throw new SluiceError('interrupted', 'Interrupted: the check is not complete.', { cause: error, hint: '' })
  } finally {
    interrupts.stop()
  }
  if (damaged > 0 && !settings.flag('quiet'))
    err.line(`${damaged} damaged: pull again to fetch what is wrong, nothing else.`)
  return failures.exitCode() || (damaged > 0 ? 5 : 0)
}

function tellCheck(check: ModelCheck, settings: Settings<ModelsOption>, out: Output): void {
  if (settings.flag('json')) return out.line(cleanJson({ type: 'check', ...check }))
  out.line(`${clean(check.name)}: ${check.verdict}`)
  for (const { digest, problem } of check.problems) out.line(`  ${digest}: ${problemWords[problem]}`)
}

const problemWords = {
  missing: 'missing',
  size: 'another size than its manifest says',
  digest: 'another digest than its name says',
} as const

/** Parts that nobody has written to for this long belong to no pull that runs (ms). */
const abandoned = 3600 * 1000

async function leftovers(
  library: ModelLibrary,
  rest: readonly string[],
  settings: Settings<ModelsOption>,
  { screen: { out, err } }: CommandContext,
): Promise<number> {
  const [action, ...more] = rest
  if ((action !== undefined && action !== 'rm') || more.length > 0)
    throw new SluiceError('usage', 'Write sluice models leftovers, or sluice models leftovers rm.')
  const found = await (action === 'rm' ? library.removeLeftovers(abandoned) : library.leftovers())
  for (const { path, bytes, modifiedMs } of found) {
    const modifiedAt = new Date(modifiedMs).toISOString()
    if (settings.flag('json')) out.line(cleanJson({ type: 'leftover', path, bytes, modifiedAt }))
    else out.line(`${localTime(modifiedAt)}  ${formatBytes(bytes).padStart(12)}  ${clean(path)}`)
  }
  const sum = formatBytes(found.reduce((total, { bytes }) => total + bytes, 0))
  const done =
    action === 'rm' ? 'removed; younger than an hour stay' : 'of unfinished pulls; the same pull goes on with them'
  if (!settings.flag('quiet')) err.line(`${found.length} leftovers, ${sum} ${done}.`)
  return 0
}

async function remove(
  library: ModelLibrary,
  names: readonly string[],
  settings: Settings<ModelsOption>,
  { screen: { out, err } }: CommandContext,
): Promise<number> {
  if (names.length === 0)
    throw new SluiceError('usage', 'Give the names of models to remove.', { hint: 'See sluice models.' })
  const failures = createFailures({ ...failureOptions(settings), out, err })
  for (const given of names) {
    try {
      const removed = await library.remove(given)
      if (settings.flag('json')) out.line(cleanJson({ type: 'removed', ...removed }))
      if (!settings.flag('quiet'))
        err.line(`${clean(removed.name)}: removed, ${formatBytes(removed.bytes)} in ${removed.blobs} blobs freed`)
    } catch (error) {
      failures.tell(given, error)
    }
  }
  return failures.exitCode()
}

function failureOptions(settings: Settings<ModelsOption>): Pick<FailureOptions, 'json' | 'key' | 'verbose'> {
  return { json: settings.flag('json'), key: 'name', verbose: settings.flag('verbose') }
}
