import type { Settings } from '../config/settings.ts'
import type { Engine, EngineOptions } from '../transfer/types.ts'
import { isPublicOnly } from './public-only.ts'
import type { ManagerOptions } from './types.ts'

/** The engine in use. */
export interface EngineKeeper {
  now(): Promise<Engine>
  /** Opens another one with the settings of then; `released` resolves when nothing runs at the old one any more. */
  replace(settings: Settings, released: Promise<void>): Promise<void>
  close(): Promise<void>
}

export async function openEngine(
  make: (options: EngineOptions) => Promise<Engine>,
  options: ManagerOptions,
  settings: Settings,
): Promise<EngineKeeper> {
  let current = Promise.resolve(await make(engineOptions(options, settings)))
  return {
    now: () => current,
    async replace(changed, released) {
      const before = current
      current = (async () => {
        await released
        // One that could not be opened must not keep the next from it.
        await before.then(
          (engine) => engine.close(),
          () => undefined,
        )
        return make(engineOptions(options, changed))
      })()
      await current
    },
    close: () =>
      current.then(
        (engine) => engine.close(),
        () => undefined,
      ),
  }
}

/** Settings that the engine takes only when it is opened. */
export function needsNewEngine(settings: Settings, before: Settings): boolean {
  return settings.allowPrivate !== before.allowPrivate
}

/** What the settings and the start of the daemon say about connections. */
export function engineOptions(options: ManagerOptions, settings: Settings): EngineOptions {
  const { proxy, cacert, connectTimeout, stallTimeout, insecure = false, dataDir } = options
  const allowPrivate = options.allowPrivate === true || settings.allowPrivate
  return {
    headers: [],
    retries: settings.retries,
    ifExists: settings.ifExists,
    insecure,
    family: 0,
    allowPrivate,
    publicOnly: isPublicOnly(options, settings),
    hostConnections: settings.connectionsPerHost,
    progressInterval: 500,
    rememberAtOnce: true,
    allowHtml: false,
    ifChanged: 'fail',
    dataDir,
    sync: true,
    ...(proxy === undefined ? {} : { proxy }),
    ...(cacert === undefined ? {} : { cacert }),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
    ...(stallTimeout === undefined ? {} : { stallTimeout }),
  }
}
