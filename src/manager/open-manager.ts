import { homedir } from 'node:os'
import type { Settings } from '../config/settings.ts'
import { githubBases } from '../core/github-url.ts'
import { libraryCacheFolder } from '../libraries/cache/cache-folder.ts'
import { createModelLibrary, findModelsFolder } from '../models/model-library.ts'
import type { OpenPullerOptions } from '../models/open-puller.ts'
import type { Puller } from '../models/types.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/types.ts'
import { createEngineThread } from '../transfer/engine-thread.ts'
import type { Engine, EngineOptions } from '../transfer/types.ts'
import { closeInTurn } from './close-in-turn.ts'
import { systemClock } from './clock.ts'
import type { Clock } from './clock.ts'
import { freeSpaceOfDisk } from './disk-watch.ts'
import type { FreeSpace } from './disk-watch.ts'
import { engineOptions, openEngine } from './engine-keeper.ts'
import { managerOf } from './manager-of.ts'
import { createLazyKeeper } from './lazy-keeper.ts'
import type { OpenLibraries } from './llama/libraries.ts'
import { endMoves } from './move-journal.ts'
import { makeOwnFolder } from './own-folder.ts'
import { recover } from './recovery.ts'
import { openSecrets } from './secrets.ts'
import { openSettings } from './settings-keeper.ts'
import { createTargetFolder } from './target-folder.ts'
import type { Manager, ManagerOptions } from './types.ts'
import { setUp } from './set-up.ts'

/** What tests put in place of the real thing. */
export interface ManagerParts {
  readonly store?: Store
  readonly engine?: (options: EngineOptions) => Promise<Engine>
  readonly puller?: (options: OpenPullerOptions) => Promise<Puller & { close(): Promise<void> }>
  readonly llama?: OpenLibraries
  readonly clock?: Clock
  readonly freeSpace?: FreeSpace
}

/**
 * Opens everything that the daemon remembers, and goes on with what it was doing. Rejects with `already-running` while
 * another daemon uses the data folder, with `database`, `usage` or `disk-permission` where something cannot be used.
 */
export async function openManager(options: ManagerOptions, parts: ManagerParts = {}): Promise<Manager> {
  const { clock = systemClock, freeSpace = freeSpaceOfDisk } = parts
  const { dataDir, database, log } = options
  const engineOf = parts.engine ?? ((given) => createEngineThread(given, (message) => log.warn({}, message)))
  const pullerOf = parts.puller ?? (async (given) => (await import('../models/open-puller.ts')).openPuller(given))
  const llamaOf: OpenLibraries =
    parts.llama ?? (async (given) => (await import('./llama/open-libraries.ts')).openLibraries(given))
  const onWarning = (message: string): void => log.warn({}, message)
  const library = createModelLibrary(options.modelsDir ?? findModelsFolder(process.env), { onWarning })
  await makeOwnFolder(dataDir)
  const secrets = await openSecrets(dataDir, process.env, (message) => log.warn({}, message))
  const folder = await createTargetFolder(options.dir)
  const opened: Array<() => Promise<void>> = []
  try {
    const store = parts.store ?? (await openStore({ dataDir, ...(database === undefined ? {} : { database }) }))
    opened.push(() => store.close())
    const settings = await openSettings(store, log, async (next, before) => {
      const known = new Set(foldersOf(before))
      for (const dir of foldersOf(next)) if (!known.has(dir)) await folder.resolve(dir)
    })
    log.setLevel(settings.now().logLevel)
    const engine = await openEngine(engineOf, options, settings.now())
    opened.push(() => engine.close())
    const puller = createLazyKeeper(() =>
      pullerOf({ engine: engine.now, connection: engineOptions(options, settings.now()), env: process.env }),
    )
    const env = githubEnvironment(options)
    const llama = createLazyKeeper(async () =>
      llamaOf({
        engine: engine.now,
        connection: engineOptions(options, settings.now()),
        env,
        cacheDir: libraryCacheFolder({
          flag: options.llamaCacheDir,
          env,
          platform: process.platform,
          home: env['HOME'] || homedir(),
        }),
        onWarning,
      }),
    )
    const rows = await endMoves(store, await store.loadDownloads(), { clock, log })
    const found = await recover(rows, { engine: await engine.now(), secrets, clock, log })
    if (found.changed.length > 0) await store.updateDownloads(found.changed)
    const githubPages = (): string => githubBases(env).download
    const parted = {
      options,
      clock,
      freeSpace,
      store,
      settings,
      engine,
      puller,
      llama,
      githubPages,
      library,
      secrets,
      folder,
    }
    return managerOf(await setUp(parted, found.entries))
  } catch (error) {
    await closeInTurn(opened.reverse(), log)
    throw error
  }
}

/** The environment, with the addresses that the daemon was started with. */
function githubEnvironment({ githubApi, githubDownload }: ManagerOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(githubApi === undefined ? {} : { SLUICE_GITHUB_API: githubApi }),
    ...(githubDownload === undefined ? {} : { SLUICE_GITHUB_DOWNLOAD: githubDownload }),
  }
}

function foldersOf({ downloadFolder, presets }: Settings): ReadonlyArray<string | undefined> {
  return [downloadFolder, ...presets.map((preset) => preset.dir)]
}
