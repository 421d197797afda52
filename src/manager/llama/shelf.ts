import { backendPlan, leftOut } from '../../core/backend-plan.ts'
import { SluiceError } from '../../core/errors.ts'
import { hostTarget, parseTarget, showTarget } from '../../core/llama-target.ts'
import type { LibraryWorld } from '../../libraries/download-types.ts'
import { knownBuild } from '../../libraries/known-build.ts'
import type { CachedTree, TreeCheck } from '../../libraries/types.ts'
import type { Desk } from '../desk.ts'
import type { FileChecks } from '../file-checks.ts'
import { listReleases } from './list-releases.ts'
import type * as t from './types.ts'

/** The libraries that are on this machine. What takes long ends with the signal, and when the daemon is closed. */
export interface Shelf {
  releases(query: { readonly limit?: number }, signal?: AbortSignal): Promise<t.LlamaReleases>
  cache(): Promise<t.LlamaCache>
  verify(selection: t.LlamaSelection, signal?: AbortSignal): Promise<t.LlamaChecks>
  clean(selection: t.LlamaSelection): Promise<{ readonly bytes: number }>
  prune(keep: number): Promise<t.LlamaPruned>
  hardware(): Promise<t.LlamaHardware>
  load(wanted: Pick<t.LlamaSelection, 'version' | 'variant'>, signal?: AbortSignal): Promise<t.LlamaLoaded>
  close(): void
}

export function createShelf(desk: Desk, checks: FileChecks): Shelf {
  const { ledger, removals } = desk
  const closing = new AbortController()
  const until = (signal?: AbortSignal): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])

  async function remove<T>(tag: string | undefined, work: () => Promise<T>): Promise<T> {
    const done = await removals.remove(tag, work)
    await Promise.all(
      Array.from(ledger.with('completed'))
        .filter(({ row }) => row.kind === 'llama')
        .map(checks.check),
    )
    return done
  }

  return {
    releases: async ({ limit = 10 }, signal) => listReleases(await desk.llama(), ownPlatform(), limit, until(signal)),
    async cache() {
      const { world, inUse } = await desk.llama()
      const trees = await world.cache.list()
      const shown = await Promise.all(trees.map(async (tree) => treeOf(tree, await inUse(tree))))
      return { dir: world.cache.dir, trees: shown, size: trees.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
    async verify(selection, signal) {
      const { world } = await desk.llama()
      const found = await lostOf(world, selection)
      for (const tree of await selected(world, selection, found.length > 0))
        found.push(await world.cache.check(tree, until(signal)))
      const checked = found.map(({ tree, verdict, changed, missing, unexpected }) => {
        return { ...nameOf(tree), verdict, changed, missing, unexpected }
      })
      const isGood = checked.every(({ verdict }) => verdict === 'verified')
      return { verdict: isGood ? 'verified' : 'damaged', checks: checked }
    },
    async clean(selection) {
      const { version, platform, variant } = selection
      const { world } = await desk.llama()
      const tag = version === undefined ? undefined : await knownBuild(world.pointers, version)
      const bytes = await remove(tag, async () => {
        if (platform === undefined && variant === undefined) return world.cache.clean(tag)
        let freed = 0
        for (const tree of await selected(world, selection)) freed += await world.cache.remove(tree)
        return freed
      })
      if (bytes === 0 && version !== undefined) throw nothingThere()
      return { bytes }
    },
    async prune(keep) {
      const { world } = await desk.llama()
      const { removed, bytes } = await remove(undefined, () => world.cache.prune(keep))
      return { removed: removed.map(nameOf), bytes }
    },
    async hardware() {
      const facts = await (await desk.llama()).world.hardware()
      return { platform: ownPlatform(), facts, plan: backendPlan(facts), notes: [...facts.notes, ...leftOut(facts)] }
    },
    async load({ version, variant }, signal) {
      const { world, load } = await desk.llama()
      const warnings: string[] = []
      const onWarning = (message: string): void => void warnings.push(message)
      const facts = await load(world, { version, variant }, { signal: until(signal), onWarning })
      const { tag, libraryPath, llamaVersion, ggmlVersion, devices, systemInfo, supportsGpu } = facts
      return { tag, libraryPath, llamaVersion, ggmlVersion, devices, systemInfo, supportsGpu, warnings }
    },
    close: () => closing.abort(new SluiceError('stopping', 'The daemon is stopping.')),
  }
}

/** Null where there are no libraries for this machine. */
function ownPlatform(): string | null {
  try {
    return showTarget(hostTarget(process.platform, process.arch))
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'unsupported-platform') return null
    throw error
  }
}

type World = Pick<LibraryWorld, 'cache' | 'pointers'>

/** All without a selection; one that matches nothing is `not-found`, unless that `mayBeNone`. */
async function selected(world: World, selection: t.LlamaSelection, mayBeNone = false): Promise<readonly CachedTree[]> {
  const trees = (await world.cache.list()).filter(await matcher(world, selection))
  const { version, platform, variant } = selection
  const isSelection = [version, platform, variant].some((part) => part !== undefined)
  if (trees.length === 0 && isSelection && !mayBeNone) throw nothingThere()
  return trees
}

async function lostOf(world: World, selection: t.LlamaSelection): Promise<TreeCheck[]> {
  const matches = await matcher(world, selection)
  return (await world.cache.lost()).filter(({ tree }) => matches(tree))
}

async function matcher(
  { pointers }: World,
  { version, platform, variant }: t.LlamaSelection,
): Promise<(tree: TreeCheck['tree']) => boolean> {
  const tag = version === undefined ? undefined : await knownBuild(pointers, version)
  const target = platform === undefined ? undefined : showTarget(parseTarget(platform))
  return (tree) =>
    (tag === undefined || tree.tag === tag) &&
    (target === undefined || showTarget(tree.platform) === target) &&
    (variant === undefined || tree.variant === variant)
}

function nothingThere(): SluiceError {
  return new SluiceError('not-found', 'There are no such libraries in the cache.', {
    hint: 'GET /api/llama/cache shows those that are.',
  })
}

function nameOf({ tag, platform, variant }: TreeCheck['tree']): Pick<t.LlamaCheck, 'tag' | 'platform' | 'variant'> {
  return { tag, platform: showTarget(platform), variant }
}

function treeOf(whole: CachedTree, inUse: boolean): t.LlamaTree {
  const { files: _, ...tree } = whole
  return { ...tree, platform: showTarget(tree.platform), inUse }
}
