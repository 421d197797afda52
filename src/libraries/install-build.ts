import { rm } from 'node:fs/promises'
import { asSluiceError } from '../core/errors.ts'
import type { Candidate } from '../core/llama-choice.ts'
import type { TargetPlatform } from '../core/release.ts'
import type { TransferEvent } from '../transfer/types.ts'
import { archiveName } from './archive-name.ts'
import { buildTree } from './build-tree.ts'
import type { DownloadRequest, LibraryWorld } from './download-types.ts'
import { fetchArchive } from './fetch-archive.ts'
import type { Archive, ArchiveRequest } from './fetch-archive.ts'
import { joinTransfers } from './join-transfers.ts'
import type { CachedTree, NewTree } from './types.ts'

export interface InstallRequest {
  readonly repository: string
  readonly tag: string
  readonly target: TargetPlatform
  readonly candidate: Candidate
  readonly options: Pick<DownloadRequest, 'strict' | 'pin' | 'force' | 'group' | 'limitRate'>
  readonly signal?: AbortSignal | undefined
  readonly onEvent: (event: TransferEvent) => void
  readonly onPhase: (phase: 'downloading' | 'unpacking') => void
}

export interface Installed {
  readonly tree: CachedTree
  /** The cache had it. */
  readonly fromCache: boolean
  /** That were fetched. */
  readonly bytes: number
}

/**
 * Gets one build into the cache: fetched, its digests compared, unpacked, its library found. Another process that installs
 * the same build is waited for. The archives are removed afterwards; after a failure what has come of them stays.
 */
export async function installBuild(world: LibraryWorld, request: InstallRequest): Promise<Installed> {
  const { repository, tag, target, candidate, signal } = request
  const key = { repository, tag, platform: target, variant: candidate.variant }
  const begun = Date.now()
  let bytes: number | null = null
  const make = async (folder: string): Promise<NewTree> => {
    const archives = await fetchArchives(world, request)
    const made = await unpack(folder, archives, request)
    // Nobody else needs them now; who makes the same tree next fetches its own.
    await discard(archives)
    bytes = fetchedBytes(archives)
    return made
  }
  const tree = await world.cache.install(key, make, { signal, isGood: (there) => isUsable(there, request, begun) })
  return { tree, fromCache: bytes === null, bytes: bytes ?? 0 }
}

async function unpack(folder: string, archives: Archives, request: InstallRequest): Promise<NewTree> {
  const { tag, target, candidate, signal, onEvent } = request
  const { main, companion } = archives
  const reference = candidate.main.url
  request.onPhase('unpacking')
  try {
    const { library, files } = await buildTree(folder, {
      tag,
      target,
      archive: main.path,
      companion: companion?.path ?? null,
      mendLinks: candidate.mendLinks,
      signal,
      onWarning: (message) => onEvent({ type: 'warning', id: 0, reference, code: 'bad-archive', message }),
    })
    const { sha256, verifiedBy } = main
    const companions =
      companion === null || candidate.companion === null
        ? []
        : [{ asset: candidate.companion.name, sha256: companion.sha256 }]
    return { asset: candidate.main.name, sha256, verifiedBy, companions, files, library }
  } catch (error) {
    // What is wrong in itself is of no use to the next attempt.
    if (['bad-archive', 'not-the-file'].includes(asSluiceError(error).code)) await discard(archives)
    throw error
  }
}

async function discard({ main, companion }: Archives): Promise<void> {
  for (const one of [main, companion]) if (one !== null) await rm(one.path, { force: true })
}

function fetchedBytes({ main, companion }: Archives): number {
  return [main, companion].reduce((sum, one) => sum + (one === null || one.alreadyThere ? 0 : one.bytes), 0)
}

interface Archives {
  readonly main: Archive
  readonly companion: Archive | null
}

/**
 * A tree that was made from another archive than the release has now, or that is not sure enough, is made anew. With
 * `force` so is every one that was there before `begun`, ms since 1970.
 */
function isUsable(tree: CachedTree, { candidate, options }: InstallRequest, begun: number): boolean {
  const told = candidate.main.sha256
  if (options.force === true && Date.parse(tree.installedAt) <= begun) return false
  if (told !== null && told !== tree.sha256) return false
  if (options.pin !== undefined && options.pin !== tree.sha256) return false
  return options.strict !== true || told !== null || tree.verifiedBy !== null || options.pin === tree.sha256
}

async function fetchArchives(world: LibraryWorld, request: InstallRequest): Promise<Archives> {
  const { repository, tag, candidate, options, signal, onEvent } = request
  request.onPhase('downloading')
  const engine = await world.engine()
  const assets = candidate.companion === null ? [candidate.main] : [candidate.main, candidate.companion]
  const listeners = joinTransfers(
    assets.map(({ size }) => size),
    onEvent,
  )
  const fetchOne = (index: number, asset: ArchiveRequest['asset']): Promise<Archive> =>
    fetchArchive(engine, {
      asset,
      dir: world.cache.downloads,
      output: archiveName(repository, tag, asset.name),
      pin: index === 0 ? options.pin : undefined,
      strict: options.strict === true,
      group: options.group,
      limitRate: options.limitRate,
      signal,
      onEvent: listeners[index] ?? onEvent,
    })
  const main = await fetchOne(0, candidate.main)
  return { main, companion: candidate.companion === null ? null : await fetchOne(1, candidate.companion) }
}
