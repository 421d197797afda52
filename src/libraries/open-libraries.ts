import { openGithub } from '../sources/github/open-github.ts'
import { wireOptions } from '../transfer/wire-options.ts'
import type { Engine, EngineOptions } from '../transfer/types.ts'
import { createApiClient } from '../wire/api-request.ts'
import type { ApiClient } from '../wire/api-request.ts'
import type { GithubReleases } from '../sources/github/types.ts'
import { openLibraryCache } from './cache/open-library-cache.ts'
import type { LibraryWorld } from './download-types.ts'
import { detectHardware } from './hardware/detect-hardware.ts'
import { koffiProblem } from './load/koffi.ts'
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
  const { github, hasty, api } = openReleases({ ...options, cacheDir: cache.dir })
  let facts: ReturnType<LibraryWorld['hardware']> | undefined
  return {
    engine,
    github,
    hastyGithub: hasty,
    cache,
    pointers: openPointerMemory(cache.dir),
    hardware: () => (facts ??= detectHardware()),
    loaderProblem: koffiProblem,
    probe: ({ libraryPath, tag }, signal) =>
      probeLibrary({ tag, libraryPath, ...(signal === undefined ? {} : { signal }) }),
    close: () => api.close(),
  }
}

/** The releases of GitHub, with requests as the engine makes its own; `hasty` asks once more at most. The client is to be closed. */
export function openReleases(
  options: Pick<OpenLibrariesOptions, 'connection' | 'env' | 'onWarning'> & { readonly cacheDir: string | null },
): { readonly github: GithubReleases; readonly hasty: () => GithubReleases; readonly api: ApiClient } {
  const { connection, env, onWarning, cacheDir } = options
  const { proxy, userAgent, allowPrivate, insecure, publicOnly = false } = connection
  const api = createApiClient({
    ...wireOptions(connection),
    env,
    ...(proxy === undefined ? {} : { proxy }),
    ...(userAgent === undefined ? {} : { userAgent }),
  })
  const open = (retries?: number): GithubReleases =>
    openGithub({
      ...{ api, env, cacheDir, onWarning, allowPrivate, publicOnly, insecure },
      ...(retries === undefined ? {} : { retries }),
    })
  let hasty: GithubReleases | undefined
  return { github: open(), hasty: () => (hasty ??= open(1)), api }
}
