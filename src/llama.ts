import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { ownPaths } from './config/paths.ts'
import { parseSha256 } from './core/digest.ts'
import { asSluiceError, SluiceError } from './core/errors.ts'
import { chooseLlamaAssets, isComplete } from './core/llama-choice.ts'
import type { Choice } from './core/llama-choice.ts'
import { hostTarget, parseTarget, showTarget } from './core/llama-target.ts'
import { parseLlamaVersion } from './core/llama-version.ts'
import type { Release } from './core/release.ts'
import { libraryCacheFolder } from './libraries/cache/cache-folder.ts'
import { openLibraryCache } from './libraries/cache/open-library-cache.ts'
import { markUse } from './libraries/cache/use-mark.ts'
import type { UseMark } from './libraries/cache/use-mark.ts'
import { downloadPlatforms } from './libraries/download-platforms.ts'
import type { DownloadEvent, DownloadHooks, DownloadRequest, LibraryWorld } from './libraries/download-types.ts'
import { newestInstalled } from './libraries/find-installed.ts'
import { detectHardware } from './libraries/hardware/detect-hardware.ts'
import { givenLibrary } from './libraries/load-installed.ts'
import { findLibrary } from './libraries/load/find-library.ts'
import type { LoadedFacts } from './libraries/load/library-facts.ts'
import { checkVersion, load, loaded, unload } from './libraries/load/loaded-library.ts'
import { knownBuild } from './libraries/known-build.ts'
import { openLibraries } from './libraries/open-libraries.ts'
import { openPointerMemory } from './libraries/pointer-memory.ts'
import { prepareAnswers } from './libraries/prepare-answers.ts'
import type { CachedTree, PlatformResult } from './libraries/types.ts'
import { llamaRepository, resolveLlamaVersion } from './sources/github/llama-versions.ts'
import { createEngine } from './transfer/engine.ts'
import type { Engine, EngineOptions } from './transfer/types.ts'

export { SluiceError, errorKinds } from './core/errors.ts'
export type { ErrorCode, RetryClass } from './core/errors.ts'
export { sha256File } from './libraries/sha256-file.ts'
export { libraryFunction, loaded as loadedLibrary } from './libraries/load/loaded-library.ts'
export { detectHardware }
export type { HardwareFacts } from './core/hardware.ts'
export type { CachedTree, Choice, DownloadEvent, LoadedFacts, PlatformResult, Release }

/** What libraries are fetched with; each is optional. Rates in bytes per second. */
export interface LlamaOptions {
  /** Folder of the libraries; default SLUICE_LLAMA_CACHE_DIR, else `llama` in Sluice's cache folder. */
  readonly cacheDir?: string
  /** owner/name of the releases; default `ggml-org/llama.cpp`. */
  readonly repository?: string
  /** `auto` (default: SLUICE_BACKEND, else what this machine can use), `cpu`, `cuda`, `cuda-12.8`, `vulkan` ..., or `all`. */
  readonly variant?: string
  /** Refuse archives whose digest nobody tells. */
  readonly strict?: boolean
  /** Platforms at once, 1-32; default 4. */
  readonly concurrency?: number
  readonly limitRate?: number
  readonly proxy?: string
  /** Folder for what is remembered between runs; default the user's data folder. */
  readonly dataDir?: string
  /** Aborting keeps what has come: the same call goes on from there. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: DownloadEvent) => void
  /** One sentence each; default: nobody hears. */
  readonly onWarning?: (message: string) => void
}

export interface DownloadOptions extends LlamaOptions {
  /** Fetch again what the cache has. */
  readonly force?: boolean
  /** SHA-256 in hex that the archive of a single platform must have. */
  readonly sha256?: string
}

export interface LoadOptions extends LlamaOptions {
  /** `latest`, `nightly`, `b6089`, `v0.6.0`; default the newest in the cache, else `latest`. */
  readonly version?: string
  /** This library, or the one in this folder, and no other; default SLUICE_LLAMA_LIBRARY_PATH. */
  readonly libraryPath?: string
}

/**
 * Loads llama.cpp into this process, fetching it where the cache has not got it, with its backends, and gives what it says
 * of itself. Loading the same again is free, and so is to ask for no version once one is loaded. A process has one version:
 * another is `not-loadable`.
 */
export async function loadLibrary(options: LoadOptions = {}): Promise<LoadedFacts> {
  const { version } = options
  const path = options.libraryPath ?? (version === undefined ? process.env['SLUICE_LLAMA_LIBRARY_PATH'] : undefined)
  if (path) return load({ tag: '', libraryPath: await givenLibrary(resolve(path)) })
  const wanted = version === undefined ? null : parseLlamaVersion(version)
  const build = wanted?.kind === 'build' ? wanted.tag : null
  checkVersion(build)
  const here = loaded()
  const isAny = options.variant === undefined && options.repository === undefined
  if (here !== null && isAny && (wanted === null || here.tag === build)) return here
  const platform = showTarget(hostTarget(process.platform, process.arch))
  const [result] = await withLibraries(options, async (world) => {
    const asked = version ?? (await newestInstalled(world, options.repository)) ?? 'latest'
    return downloadPlatforms(world, requestFor([platform], asked, options), hooksOf(options))
  })
  if (result?.success === true) return loadMarked(result)
  throw asSluiceError(result?.error ?? new SluiceError('internal', 'The download of a library had no result.'))
}

/** Loads exactly that version, fetching it where the cache has not got it; never another one. See `loadLibrary`. */
export function loadLibraryWithVersion(
  version: string,
  options: Omit<LoadOptions, 'version' | 'libraryPath'> = {},
): Promise<LoadedFacts> {
  return loadLibrary({ ...options, version })
}

/** Ends the use of the loaded library; without one it does nothing. Its code stays in memory until the process ends. */
export async function unloadLibrary(): Promise<void> {
  await unload()
  await inUse?.release()
  inUse = null
}

/** Empties the cache, or removes one version (`b6089`, `v0.6.0`) from it, and gives the bytes that it freed. */
export async function cleanLibraryCache(
  options: Pick<LlamaOptions, 'cacheDir'> & { readonly version?: string } = {},
): Promise<number> {
  const { version } = options
  const dir = libraryCacheDir(options)
  const tag = version === undefined ? undefined : await knownBuild(openPointerMemory(dir), version)
  return openLibraryCache(dir).clean(tag)
}

/** Absolute folder of the libraries. It need not exist. `usage` for one with `..` in it. */
export function libraryCacheDir({ cacheDir }: Pick<LlamaOptions, 'cacheDir'> = {}): string {
  const { env, platform } = process
  return resolve(libraryCacheFolder({ flag: cacheDir, env, platform, home: env['HOME'] || homedir() }))
}

/**
 * Gets the libraries of one version for several platforms (`linux/amd64`, `darwin-arm64` ...) into the cache, several at
 * once, each checked. The results are in the order of the platforms; one that fails does not stop the others.
 */
export async function downloadLibrariesForPlatforms(
  platforms: readonly string[],
  version: string = 'latest',
  options: DownloadOptions = {},
): Promise<readonly PlatformResult[]> {
  const request = requestFor(platforms, version, options)
  return withLibraries(options, (world) => downloadPlatforms(world, request, hooksOf(options)))
}

function requestFor(platforms: readonly string[], version: string, options: DownloadOptions): DownloadRequest {
  const { repository, strict, force, concurrency, limitRate, sha256 } = options
  return {
    version,
    platforms,
    variant: options.variant ?? (process.env['SLUICE_BACKEND'] || 'auto'),
    ...(repository === undefined ? {} : { repository }),
    ...(strict === undefined ? {} : { strict }),
    ...(force === undefined ? {} : { force }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(limitRate === undefined ? {} : { limitRate }),
    ...(sha256 === undefined ? {} : { pin: parseSha256(sha256).hex }),
  }
}

function hooksOf({ signal, onEvent = () => {}, onWarning = () => {} }: LlamaOptions): DownloadHooks {
  const hear = (event: DownloadEvent): void => {
    onEvent(event)
    if (event.type === 'warning') onWarning(event.message)
  }
  return { onEvent: hear, ...(signal ? { signal } : {}) }
}

/** Finds, fetches and keeps libraries with the same options for all calls. Nothing stays open between them. */
export class LibraryDownloader {
  readonly options: LlamaOptions

  constructor(options: LlamaOptions = {}) {
    this.options = options
  }

  /** Absolute folder of the libraries. */
  get cacheDir(): string {
    return libraryCacheDir(this.options)
  }

  /** The release that `latest` means now: the one with the builds, where it only points to another. */
  getLatestRelease(): Promise<Release> {
    return this.getRelease('latest')
  }

  /** The release with the builds of a version: `nightly`, `b6089`, `v0.6.0`. `release-not-found` without one. */
  async getRelease(version: string): Promise<Release> {
    const { repository = llamaRepository, signal } = this.options
    const target = hostTarget(process.platform, process.arch)
    return withLibraries(this.options, async ({ github, cache }) => {
      await prepareAnswers(cache)
      const isWanted = (release: Release): boolean => isComplete(release, target)
      const question = { repository, signal }
      const found = await resolveLlamaVersion(github, parseLlamaVersion(version), isWanted, question)
      if (found.release !== null) return found.release
      throw found.apiError ?? new SluiceError('rate-limited', 'The API could not be asked.')
    })
  }

  /** Which build of a release is for a platform, by default for this machine, and why. */
  async chooseAsset(release: Release, platform?: string): Promise<Choice> {
    const own = platform === undefined
    const target = own ? hostTarget(process.platform, process.arch) : parseTarget(platform)
    const host = await detectHardware(this.options.signal ? { signal: this.options.signal } : {})
    return chooseLlamaAssets({ release, target, host, variant: this.options.variant ?? 'auto' })
  }

  /** Gets the libraries of a version for one platform, by default for this machine. Rejects where that fails. */
  async downloadAndExtract(version: string = 'latest', platform?: string): Promise<PlatformResult> {
    const [result] = await this.downloadPlatforms(
      [platform ?? showTarget(hostTarget(process.platform, process.arch))],
      version,
    )
    if (result?.success === true) return result
    throw asSluiceError(result?.error ?? new SluiceError('internal', 'The download of a library had no result.'))
  }

  /** See `downloadLibrariesForPlatforms`. */
  downloadPlatforms(platforms: readonly string[], version: string = 'latest'): Promise<readonly PlatformResult[]> {
    return downloadLibrariesForPlatforms(platforms, version, this.options)
  }

  /** Path of the main library in a folder, null without one; for this machine or another platform. */
  async findLibrary(folder: string, platform?: string): Promise<string | null> {
    const target = platform === undefined ? hostTarget(process.platform, process.arch) : parseTarget(platform)
    return (await findLibrary(folder, target))?.path ?? null
  }

  /** What is in the cache, newest first. */
  async list(): Promise<readonly CachedTree[]> {
    return openLibraryCache(this.cacheDir).list()
  }

  /** See `cleanLibraryCache`. */
  async cleanCache(version?: string): Promise<number> {
    const { cacheDir } = this
    return cleanLibraryCache(version === undefined ? { cacheDir } : { cacheDir, version })
  }
}

/** Says to other processes that the loaded libraries must stay in the cache. */
let inUse: UseMark | null = null

async function loadMarked(result: PlatformResult): Promise<LoadedFacts> {
  const mark = await markUse(result)
  try {
    const facts = await load(result)
    await inUse?.release()
    inUse = mark
    return facts
  } catch (error) {
    await mark.release()
    throw error
  }
}

async function withLibraries<T>(options: LlamaOptions, work: (world: LibraryWorld) => Promise<T>): Promise<T> {
  const { env } = process
  const { onWarning = () => {}, proxy, dataDir = ownPaths(env).data } = options
  const connection: EngineOptions = {
    headers: [],
    retries: 5,
    ifExists: 'overwrite',
    ifChanged: 'restart',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    dataDir,
    sync: true,
    ...(proxy === undefined ? {} : { proxy }),
  }
  let engine: Promise<Engine> | undefined
  const world = openLibraries({
    engine: () => (engine ??= createEngine(connection, onWarning)),
    connection,
    env,
    cacheDir: libraryCacheDir(options),
    onWarning,
  })
  try {
    return await work(world)
  } finally {
    world.close()
    await (await engine)?.close()
  }
}
