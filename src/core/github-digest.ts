import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import type { ReleaseAsset } from './release.ts'

/** The `digest` of an asset: `sha256:<64 hex>`, or null where there is none. Anything else is told as bad. */
export function readAssetDigest(value: unknown): Pick<ReleaseAsset, 'sha256' | 'badDigest'> {
  if (value === null || value === undefined) return { sha256: null }
  const hex = typeof value === 'string' ? /^sha256:([0-9a-f]{64})$/i.exec(value)?.[1] : undefined
  if (hex !== undefined) return { sha256: hex.toLowerCase() }
  return { sha256: null, badDigest: excerpt(typeof value === 'string' ? value : typeof value) }
}

/**
 * SHA-256 in hex that the bytes of an asset must have, null where the server tells none. `digest-mismatch` where it tells
 * something that is no such digest: passing over that would be a way round the check.
 */
export function assetSha256(asset: Pick<ReleaseAsset, 'name' | 'sha256' | 'badDigest'>): string | null {
  if (asset.badDigest === undefined) return asset.sha256
  throw new SluiceError(
    'digest-mismatch',
    `The server tells "${asset.badDigest}" as digest of ${excerpt(asset.name)}, which is no SHA-256.`,
    { hint: 'Nothing was written. Another version may be in order.' },
  )
}
