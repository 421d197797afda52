import { join } from 'node:path'
import { openGithub } from '../sources/github/open-github.ts'
import { wireOptions } from '../transfer/wire-options.ts'
import type { Engine, EngineOptions } from '../transfer/types.ts'
import { createApiClient } from '../wire/api-request.ts'
import type { ApiClient } from '../wire/api-request.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import { openLibraryCache } from './cache/open-library-cache.ts'
import type { LibraryWorld } from './download-types.ts'
import { detectHardware } from './hardware/detect-hardware.ts'
import { probeLibrary } from './load/probe-library.ts'
import { openPointerMemory } from './pointer-memory.ts'

export interface OpenLibrariesOptions {
  /** Asked for at each download: it may be another one later. */
  readonly engine: () => Promise<Engine>
  /** Requests to the API are made as the engine makes its own. */
  readonly connection: EngineOptions
  /** For proxies, the addresses of GitHub and its token. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder of the libraries: see `libraryCacheFolder`. */
  readonly cacheDir: string
  readonly onWarning: (message: string) => void
}

/** Opens all that libraries are found, fetched and tried with. Nothing is asked before it is needed; closing leaves the engine open. */
export function openLibraries(options: OpenLibrariesOptions): LibraryWorld & { close(): void } {
  const { engine, cacheDir, onWarning } = options
  const cache = openLibraryCache(cacheDir, { onWarning })
  const { github, api } = openReleases({ ...options, cacheDir: cache.dir })
  let facts: ReturnType<LibraryWorld['hardware']> | undefined
  return {
    engine,
    github,
    cache,
    pointers: openPointerMemory(join(cache.dir, 'api')),
    hardware: () => (facts ??= detectHardware()),
    probe: ({ libraryPath, tag }, signal) =>
      probeLibrary({ tag, libraryPath, ...(signal === undefined ? {} : { signal }) }),
    close: () => api.close(),
  }
}

/** The releases of GitHub, with requests as the engine makes its own. The client is to be closed. */
export function openReleases(
  options: Pick<OpenLibrariesOptions, 'connection' | 'env' | 'onWarning'> & { readonly cacheDir: string | null },
): { readonly github: GithubReleases; readonly api: ApiClient } {
  const { connection, env, onWarning, cacheDir } = options
  const { proxy, userAgent, allowPrivate, insecure, publicOnly = false } = connection
  const api = createApiClient({
    ...wireOptions(connection),
    env,
    ...(proxy === undefined ? {} : { proxy }),
    ...(userAgent === undefined ? {} : { userAgent }),
  })
  const github = openGithub({ api, env, cacheDir, onWarning, allowPrivate, publicOnly, insecure })
  return { github, api }
}
