import { asSluiceError, SluiceError } from '../core/errors.ts'
import type { DownloadRequest, LibraryWorld } from './download-types.ts'
import { installBuild } from './install-build.ts'
import type { Installed, InstallRequest } from './install-build.ts'
import type { DownloadPlan, PlannedBuild } from './plan-types.ts'
import type { CachedTree } from './types.ts'

export interface RunBuild extends Pick<InstallRequest, 'signal' | 'onEvent'> {
  readonly plan: Pick<DownloadPlan, 'repository'>
  readonly build: PlannedBuild
  readonly request: DownloadRequest
  readonly onPhase: (phase: 'downloading' | 'unpacking' | 'probing') => void
}

export interface BuildOutcome extends Installed {
  readonly why: readonly string[]
}

/**
 * Carries out what was planned for one platform. A build for another processor than the CPU is loaded once in a child
 * process where it is for this machine; where the variant was left to Sluice and it does not work, the next one is taken.
 * One that cannot be tried is kept, as nothing is known against it.
 */
export async function runBuild(world: LibraryWorld, run: RunBuild): Promise<BuildOutcome> {
  const { build, request } = run
  const { source, target } = build
  if (source.kind === 'failed') throw source.error
  if (target === null) throw new SluiceError('internal', `${build.platform} was planned without a platform.`)
  const steps =
    source.kind === 'cached'
      ? source.trees.map((tree) => async (): Promise<Installed> => ({ tree, fromCache: true, bytes: 0 }))
      : [source.choice, ...source.choice.fallbacks].map((candidate) => () => {
          const { repository } = run.plan
          return installBuild(world, { ...run, repository, tag: source.tag, target, candidate, options: request })
        })
  const why = [...(source.kind === 'cached' ? source.why : source.choice.why)]
  const mayFallBack = (request.variant ?? 'auto') === 'auto'
  for (const [index, step] of steps.entries()) {
    const installed = await step()
    const { tree } = installed
    if (!build.isHost || isForCpu(tree)) return { ...installed, why }
    const warn = (message: string): void =>
      run.onEvent({ type: 'warning', id: 0, reference: build.platform, code: 'not-loadable', message })
    const untried = await world.loaderProblem()
    if (untried !== null) {
      why.push(`${tree.variant} was not tried: ${untried.message}`)
      warn(`${tree.variant} is taken without being tried: ${untried.message} ${untried.hint}`)
      return { ...installed, why }
    }
    const isLast = index === steps.length - 1
    const problem = await probe(world, tree, run)
    if (problem === null) return { ...installed, why }
    why.push(`${tree.variant} does not work here: ${problem}`)
    warn(
      mayFallBack && !isLast ? `Wanted ${tree.variant}; the next best is taken because ${problem}` : (why.at(-1) ?? ''),
    )
    if (!mayFallBack || isLast) return { ...installed, why }
  }
  throw new SluiceError('internal', `${build.platform} was planned without a build.`)
}

/** Null when it works, else why not. */
async function probe(world: LibraryWorld, tree: CachedTree, { signal, onPhase }: RunBuild): Promise<string | null> {
  onPhase('probing')
  try {
    const { devices } = await world.probe(tree, signal)
    const isGpu = devices.some(({ kind }) => kind !== 'cpu')
    return isGpu ? null : 'it finds no GPU.'
  } catch (error) {
    signal?.throwIfAborted()
    const { code, message } = asSluiceError(error)
    if (code !== 'not-loadable') throw error
    return message
  }
}

function isForCpu({ variant }: CachedTree): boolean {
  return /^cpu(-|$)/.test(variant)
}
