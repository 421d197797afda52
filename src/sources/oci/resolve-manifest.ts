import type { Manifest, Platform } from '../../core/manifest.ts'
import { choosePlatform } from '../../core/platform.ts'
import { badManifest, getManifestOrIndex, maxManifestBytes } from './get-manifest.ts'
import type { Repository } from './get-manifest.ts'

/** Indexes on the way to a manifest. */
const maxDepth = 3

/**
 * The manifest that a tag or digest leads to, through indexes by the wanted platform. Its bytes are those that the
 * registry sent; each is bound by the digest that was asked for, or by size and digest in the index that named it.
 */
export async function resolveManifest(
  place: Repository,
  reference: string,
  wanted: Platform,
): Promise<{
  readonly bytes: Buffer
  readonly digest: string
  readonly manifest: Manifest
  readonly platform: Platform | null
}> {
  let sent = await getManifestOrIndex(place, reference)
  let platform: Platform | null = null
  for (let depth = 1; sent.kind === 'index'; depth++) {
    if (depth > maxDepth) throw badManifest(place.registry, `has indexes in indexes, more than ${maxDepth} deep`)
    const chosen = choosePlatform(sent.index, wanted)
    platform = chosen.platform ?? platform
    if (chosen.size > maxManifestBytes)
      throw badManifest(
        place.registry,
        `names a manifest of ${chosen.size} bytes, which is more than any right one has`,
      )
    sent = await getManifestOrIndex(place, chosen.digest)
    if (sent.bytes.length !== chosen.size) {
      throw badManifest(
        place.registry,
        `sent ${sent.bytes.length} bytes for the manifest ${chosen.digest}, not ${chosen.size} as its index says`,
      )
    }
  }
  return { bytes: sent.bytes, digest: sent.digest, manifest: sent.manifest, platform }
}
