import { SluiceError } from '../../core/errors.ts'
import { safeFileName } from '../../core/file-name.ts'
import { parseTarget } from '../../core/llama-target.ts'
import { parseReleaseReference } from '../../core/release-reference.ts'
import type { ResolvedAsset } from '../../libraries/resolve-asset.ts'
import type { StoredDownload, StoredReleaseOptions } from '../../store/types.ts'
import type { Desk } from '../desk.ts'

type Wanted = Pick<StoredDownload, 'reference' | 'options'>
/** The file that was found, as it is kept. */
export type FoundAsset = NonNullable<StoredReleaseOptions['found']>

/** Asks GitHub what a reference leads to. */
export async function askRelease(
  desk: Pick<Desk, 'llama'>,
  { reference, options }: Wanted,
  signal?: AbortSignal,
): Promise<ResolvedAsset> {
  const { asset, platform } = options.release ?? {}
  const { world, resolveAsset } = await desk.llama()
  const target = platform === undefined ? undefined : parseTarget(platform)
  return resolveAsset(world.github, parseReleaseReference(reference), { pattern: asset, target }, signal)
}

/**
 * The file that a download asks for. `release-not-found`, `asset-not-found`, `asset-ambiguous` (its sentence lists them),
 * `digest-mismatch` where another SHA-256 was asked for than the release tells.
 */
export async function findAsset(desk: Pick<Desk, 'llama'>, wanted: Wanted, signal?: AbortSignal): Promise<FoundAsset> {
  const resolved = await askRelease(desk, wanted, signal)
  if (resolved.asset === null) throw resolved.error
  const { asset, release, sha256 } = resolved
  const pin = pinOf(wanted)
  if (pin !== undefined && sha256 !== null && pin !== sha256)
    throw new SluiceError(
      'digest-mismatch',
      `The release says that ${asset.name} has the SHA-256 ${sha256}; ${pin} was asked for.`,
      { hint: 'The file was replaced at the server, or the checksum belongs to another one. Nothing was fetched.' },
    )
  const { name, size, url } = asset
  return { repository: release.repository, tag: release.tag, name, size, url, sha256 }
}

/** What the row of a download tells once its file is known. */
export function changeOf({ chosenName, options }: StoredDownload, found: FoundAsset): Partial<StoredDownload> {
  return {
    url: found.url,
    filename: chosenName ?? safeFileName(found.name),
    bytesTotal: found.size,
    options: { ...options, release: { ...options.release, found } },
  }
}

function pinOf({ options: { checksums = [] } }: Wanted): string | undefined {
  return checksums.find((one) => one.startsWith('sha256:'))?.slice('sha256:'.length)
}
