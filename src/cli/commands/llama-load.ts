import { resolve } from 'node:path'
import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { loadInChild } from '../../libraries/load-installed.ts'
import type { LibraryFacts } from '../../libraries/types.ts'
import type { CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { withLibraries } from './llama-world.ts'

/** `sluice llama load`: loads a library of the cache in a process of its own and prints what it says of itself. */
export async function runLoad(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const { out } = context.screen
  const version = settings.text('version')
  const path = givenPath(settings, version, context.env)
  const request = {
    version,
    variant: settings.text('variant'),
    repository: settings.text('repo'),
    libraryPath: path === undefined ? undefined : resolve(context.cwd, path),
  }
  const interrupts = watchInterrupts(() => undefined)
  try {
    const { signal } = interrupts
    const facts = await withLibraries(settings, context, (world, onWarning) =>
      loadInChild(world, request, { signal, onWarning }),
    )
    if (settings.flag('json')) out.line(cleanJson({ type: 'loaded', ...facts }))
    else for (const line of factLines(facts)) out.line(line)
    return 0
  } finally {
    interrupts.stop()
  }
}

/** A version on the command line wins over the variable of the environment, and contradicts the flag. */
function givenPath(
  settings: Settings<LlamaOption>,
  version: string | undefined,
  env: CommandContext['env'],
): string | undefined {
  const path = settings.text('library-path')
  if (version === undefined || path === undefined) return path
  if (path === env['SLUICE_LLAMA_LIBRARY_PATH']) return undefined
  throw new SluiceError('usage', '--library-path and --version exclude each other.')
}

function factLines({
  tag,
  libraryPath,
  llamaVersion,
  ggmlVersion,
  devices,
  systemInfo,
  supportsGpu,
}: LibraryFacts): string[] {
  const rows = [
    ['Version', tag === '' ? 'not known' : tag],
    ...(llamaVersion === null ? [] : [['llama.cpp', llamaVersion]]),
    ...(ggmlVersion === null ? [] : [['ggml', ggmlVersion]]),
    ['Library', libraryPath],
    ['GPU', supportsGpu ? 'can be used' : 'not used by this library'],
  ]
  return [
    ...rows.map(([label = '', text = '']) => `${`${label}:`.padEnd(13)}${clean(text)}`),
    'Devices:',
    ...devices.map(({ name, description, kind }) => `  ${clean(name)} (${clean(kind)}): ${clean(description)}`),
    `System info: ${clean(systemInfo)}`,
  ]
}
