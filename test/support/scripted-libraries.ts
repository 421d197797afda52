import { SluiceError } from '../../src/core/errors.ts'
import type { ErrorCode, ErrorDetails } from '../../src/core/errors.ts'
import { chooseLlamaAssets } from '../../src/core/llama-choice.ts'
import { parseTarget } from '../../src/core/llama-target.ts'
import type { Release, TargetPlatform } from '../../src/core/release.ts'
import type { DownloadEvent, DownloadRequest, LibraryWorld } from '../../src/libraries/download-types.ts'
import type { OpenLibrariesOptions } from '../../src/libraries/open-libraries.ts'
import type { BuildSource, DownloadPlan } from '../../src/libraries/plan-types.ts'
import { resolveAsset } from '../../src/libraries/resolve-asset.ts'
import type { CachedTree, PlatformResult } from '../../src/libraries/types.ts'
import type { Libraries, OpenLibraries } from '../../src/manager/llama/libraries.ts'
import type { Engine } from '../../src/transfer/types.ts'
import { machine } from './hardware-facts.ts'

/** Bytes of every archive of the scripted releases. */
export const archiveBytes = 1000

/** A download of libraries that does what the test says. Builds go by their number. */
export interface LibraryJob {
  readonly key: string
  readonly request: DownloadRequest
  readonly stopped: boolean
  /** What its transfers would go through. */
  engine(): Promise<Engine>
  tell(event: DownloadEvent): void
  begin(...indices: readonly number[]): void
  progress(index: number, bytesDone: number): void
  done(index: number): void
  failed(index: number, code: ErrorCode, message?: string, details?: ErrorDetails): void
  /** Resolves with all results; builds that were not told to have ended are done. */
  finish(): void
  reject(code: ErrorCode, details?: ErrorDetails): void
}

export interface ScriptedLibraries {
  readonly jobs: readonly LibraryJob[]
  job(key: string): LibraryJob
  options: OpenLibrariesOptions | null
  opened: number
  closed: number
  /** The build that the channels lead to. */
  latest: string
  /** Why platforms have no build. */
  readonly missing: Map<string, SluiceError>
  readonly planned: DownloadRequest[]
  readonly discarded: DownloadPlan[]
  /** What is in the cache, in its order. */
  trees: CachedTree[]
  readonly damaged: Set<string>
  readonly used: Set<string>
  releases: Release[]
  /** What a plan waits for. */
  onPlan: () => Promise<void>
  /** Called when something is removed from the cache, which waits for it. */
  onRemove: () => Promise<void>
  /** As `ManagerParts.llama` wants it. */
  readonly open: OpenLibraries
}

/** A release with builds for the CPU of six platforms and one for Vulkan. */
export function scriptedRelease(tag: string): Release {
  const names = ['ubuntu-x64', 'ubuntu-arm64', 'macos-x64', 'macos-arm64', 'ubuntu-vulkan-x64'].map(
    (name) => `${name}.tar.gz`,
  )
  const assets = [...names, 'win-cpu-x64.zip', 'win-cpu-arm64.zip'].map((name, index) => ({
    name: `llama-${tag}-bin-${name}`,
    size: archiveBytes,
    sha256: String(index).repeat(64),
    url: `https://github.test/${name}`,
    uploaded: true,
  }))
  const published = '2026-01-01T00:00:00Z'
  return {
    repository: 'ggml-org/llama.cpp',
    tag,
    name: tag,
    prerelease: true,
    publishedAt: published,
    assets,
    fromCache: false,
  }
}

export function scriptedTree(tag: string, platform: TargetPlatform, variant = 'cpu'): CachedTree {
  const folder = `/cache/trees/ggml-org/llama.cpp/${tag}/${platform.os}-${platform.arch}-${variant}-0123456789ab`
  return {
    repository: 'ggml-org/llama.cpp',
    tag,
    platform,
    variant,
    asset: 'llama.zip',
    sha256: 'ab'.repeat(32),
    verifiedBy: 'api',
    companions: [],
    folder,
    libraryPath: `${folder}/libllama.so`,
    bytes: 3000,
    files: [],
    installedAt: '2026-01-01T00:00:00.000Z',
  }
}

/** Libraries that nobody fetches. */
export function scriptedLibraries(): ScriptedLibraries {
  const jobs = new Map<string, LibraryJob>()

  function planOf(request: DownloadRequest): DownloadPlan {
    const { version, platforms, variant = 'auto' } = request
    const tag = /^b\d/.test(version) ? version : scripted.latest
    const builds = platforms.map((platform) => {
      const target = parseTarget(platform)
      const error = scripted.missing.get(platform)
      const source: BuildSource =
        error === undefined
          ? {
              kind: 'release',
              tag,
              choice: chooseLlamaAssets({ release: scriptedRelease(tag), target, host: null, variant }),
            }
          : { kind: 'failed', error }
      return { platform, target, isHost: false, source }
    })
    const known = builds.some(({ source }) => source.kind !== 'failed')
    return { repository: 'ggml-org/llama.cpp', tag: known ? tag : null, why: ['It is the latest.'], builds }
  }

  const download: Libraries['download'] = (world, request, hooks) => {
    const { signal, onEvent = () => {} } = hooks ?? {}
    const { group: key = '' } = request
    const plan = planOf(request)
    const results: PlatformResult[] = []
    const nothing = { success: false, libraryPath: '', sha256Sum: '', fromCache: false, folder: '', why: [] }
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        if (jobs.delete(key)) settle()
      }
      signal?.addEventListener('abort', () =>
        queueMicrotask(() => end(() => reject(new SluiceError('interrupted', 'It was interrupted.')))),
      )
      const build = (index: number) => {
        const { platform, source } = plan.builds[index] ?? {}
        const choice = source?.kind === 'release' ? source.choice : null
        return { platform: platform ?? '', variant: choice?.variant ?? null, sha256: choice?.main.sha256 ?? '' }
      }
      const tellEnd = (index: number, result: PlatformResult): void => {
        results[index] = result
        const verifiedBy = result.success ? ('api' as const) : null
        onEvent({ type: 'done', index, result, bytes: archiveBytes, seconds: 1, verifiedBy })
      }
      const job: LibraryJob = {
        key,
        request,
        get stopped() {
          return signal?.aborted ?? false
        },
        engine: () => world.engine(),
        tell: onEvent,
        begin(...indices) {
          if (plan.tag !== null) onEvent({ type: 'release', tag: plan.tag, why: plan.why })
          for (const index of indices) {
            const { platform, variant } = build(index)
            onEvent({ type: 'begin', index, platform, variant })
            onEvent({ type: 'phase', index, phase: 'downloading' })
          }
        },
        progress(index, bytesDone) {
          const numbers = { bytesDone, bytesTotal: archiveBytes, speed: 100, eta: 1, connections: 2 }
          onEvent({ type: 'transfer', index, event: { type: 'progress', id: 0, reference: '', ...numbers } })
        },
        done(index) {
          const { platform, variant, sha256 } = build(index)
          const folder = `/cache/trees/ggml-org/llama.cpp/${plan.tag}/${platform.replace('/', '-')}`
          const files = { libraryPath: `${folder}/libllama.so`, sha256Sum: sha256, folder }
          const success = { success: true, error: null, tag: plan.tag ?? '', variant: variant ?? '' }
          tellEnd(index, { ...nothing, platform, ...success, ...files })
        },
        failed(index, code, message = 'It failed.', details = {}) {
          const error = new SluiceError(code, message, details)
          tellEnd(index, { ...nothing, platform: build(index).platform, error, tag: plan.tag ?? '', variant: '' })
        },
        finish() {
          for (const index of plan.builds.keys()) if (results[index] === undefined) job.done(index)
          end(() => resolve(results))
        },
        reject: (code, details = {}) => end(() => reject(new SluiceError(code, 'It failed.', details))),
      }
      jobs.set(key, job)
    })
  }

  async function remove(trees: readonly CachedTree[]): Promise<number> {
    await scripted.onRemove()
    scripted.trees = scripted.trees.filter((tree) => !trees.includes(tree))
    return trees.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  const cache: LibraryWorld['cache'] = {
    dir: '/cache',
    downloads: '/cache/downloads',
    prepare: async () => undefined,
    find: async (key) => scripted.trees.find(({ tag, variant }) => tag === key.tag && variant === key.variant) ?? null,
    list: async () => scripted.trees,
    install: () => Promise.reject(new Error('nothing is installed')),
    lost: async () => [],
    check: async (tree) => {
      const changed = scripted.damaged.has(tree.tag) ? ['libllama.so'] : []
      return { tree, verdict: changed.length > 0 ? 'damaged' : 'verified', changed, missing: [], unexpected: [] }
    },
    remove: (tree) => remove([tree]),
    prune: async (keep) => {
      const removed = scripted.trees.slice(keep)
      return { removed, bytes: await remove(removed) }
    },
    clean: (tag) => remove(scripted.trees.filter((tree) => tag === undefined || tree.tag === tag)),
  }

  const scripted: ScriptedLibraries = {
    options: null,
    opened: 0,
    closed: 0,
    latest: 'b8100',
    missing: new Map(),
    planned: [],
    discarded: [],
    trees: [],
    damaged: new Set(),
    used: new Set(),
    releases: [scriptedRelease('b8100')],
    onPlan: async () => undefined,
    onRemove: async () => undefined,
    get jobs() {
      return [...jobs.values()]
    },
    job(key) {
      const job = jobs.get(key)
      if (job) return job
      throw new Error(`${key} is not being downloaded`)
    },
    async open(options) {
      scripted.options = options
      scripted.opened++
      const { engine } = options
      const no = (): never => {
        throw new Error('nobody should ask')
      }
      const world: LibraryWorld = {
        engine,
        cache,
        github: {
          latest: no,
          byTag: no,
          text: no,
          directUrl: no,
          latestTagWithoutApi: no,
          list: async () => scripted.releases,
        },
        hastyGithub: no,
        pointers: { recall: async () => null, remember: async () => undefined },
        hardware: async () => machine(),
        loaderProblem: async () => null,
        probe: no,
      }
      return {
        world,
        download,
        plan: async (_world, request) => {
          scripted.planned.push(request)
          await scripted.onPlan()
          return planOf(request)
        },
        discard: async (_world, plan) => void scripted.discarded.push({ why: [], tag: null, ...plan }),
        resolveAsset,
        load: async (_world, { version = 'b8100', variant = 'cpu' }, { onWarning }) => {
          if (variant !== 'cpu') onWarning(`The variant ${variant} cannot be loaded.`)
          const devices = [{ name: 'CPU', description: 'A processor', kind: 'cpu' }]
          const said = { llamaVersion: null, ggmlVersion: null, systemInfo: 'AVX2', supportsGpu: false }
          return { tag: version, libraryPath: '/cache/libllama.so', devices, ...said }
        },
        inUse: async ({ tag }) => scripted.used.has(tag),
        close: async () => void scripted.closed++,
      }
    },
  }
  return scripted
}
