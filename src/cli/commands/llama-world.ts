import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import type { LibraryWorld } from '../../libraries/download-types.ts'
import { openLibraries } from '../../libraries/open-libraries.ts'
import { createEngine } from '../../transfer/engine.ts'
import type { Engine } from '../../transfer/types.ts'
import type { CommandContext } from '../command.ts'
import { engineOptions } from '../engine-options.ts'
import { libraryFolder } from '../library-folder.ts'
import { clean } from '../print/clean.ts'

/** The libraries as the settings say, while `work` lasts; the engine is made when it is asked for. */
export async function withLibraries<T>(
  settings: Settings<LlamaOption>,
  { screen, paths, env }: CommandContext,
  work: (world: LibraryWorld, onWarning: (message: string) => void) => Promise<T>,
): Promise<T> {
  if (settings.flag('ipv4') && settings.flag('ipv6')) throw new SluiceError('usage', '-4 and -6 exclude each other.')
  if (settings.flag('insecure'))
    screen.err.line('Warning: --insecure accepts any certificate; anyone on the way can change what has no digest.')
  const told = new Set<string>()
  const onWarning = (message: string): void => {
    if (told.has(message) || settings.flag('quiet')) return
    told.add(message)
    screen.err.line(`Warning: ${clean(message)}`)
  }
  const connection = engineOptions(settings, paths.data)
  let engine: Promise<Engine> | undefined
  const world = openLibraries({
    engine: () => (engine ??= createEngine(connection, onWarning)),
    connection,
    env: githubEnvironment(settings, env),
    cacheDir: libraryFolder(settings, env),
    onWarning,
  })
  try {
    return await work(world, onWarning)
  } finally {
    world.close()
    await (await engine)?.close()
  }
}

/** The environment, with the addresses that flags and the configuration file name. */
export function githubEnvironment(
  settings: Settings<'github-api' | 'github-download'>,
  env: CommandContext['env'],
): CommandContext['env'] {
  const [api, download] = [settings.text('github-api'), settings.text('github-download')]
  return {
    ...env,
    ...(api === undefined ? {} : { SLUICE_GITHUB_API: api }),
    ...(download === undefined ? {} : { SLUICE_GITHUB_DOWNLOAD: download }),
  }
}
