import { safeFileName } from '../../core/file-name.ts'
import type { ResolvedAsset } from '../../libraries/resolve-asset.ts'
import type { Preview } from '../../transfer/types.ts'
import type { CheckedReference } from '../checked-reference.ts'
import type { Desk } from '../desk.ts'
import { problemOf } from '../entry.ts'
import { askRelease } from './find-asset.ts'
import type { ReleasePreview } from './types.ts'

type Shown = Preview & { readonly digest?: string; readonly release: ReleasePreview }

/** What a release has, and which file of it would be fetched; without one the reason is told, and the name is empty. */
export async function previewRelease(desk: Pick<Desk, 'llama'>, wanted: CheckedReference): Promise<Shown> {
  const { reference, url, filename, chosenName } = wanted
  const resolved = await askRelease(desk, wanted)
  const release = shownRelease(resolved)
  if (resolved.asset === null)
    return { reference, url, filename, size: null, type: null, resumable: true, digestKnown: false, release }
  const { asset, sha256 } = resolved
  return {
    reference,
    url: asset.url,
    filename: chosenName ?? safeFileName(asset.name),
    size: asset.size,
    type: asset.mediaType ?? null,
    resumable: true,
    digestKnown: sha256 !== null,
    ...(sha256 === null ? {} : { digest: `sha256:${sha256}` }),
    release,
  }
}

function shownRelease(resolved: ResolvedAsset): ReleasePreview {
  const { repository, tag, publishedAt, assets } = resolved.release
  const chosen = resolved.asset === null ? resolved.candidates : [resolved.asset]
  return {
    repository,
    tag,
    publishedAt,
    asset: resolved.asset?.name ?? null,
    why: resolved.asset === null ? [] : resolved.why,
    problem: resolved.asset === null ? problemOf(resolved.error) : null,
    assets: assets
      .filter(({ uploaded }) => uploaded)
      .map((asset) => ({
        name: asset.name,
        size: asset.size,
        digest: asset.sha256 === null ? null : `sha256:${asset.sha256}`,
        isCandidate: chosen.includes(asset),
      })),
  }
}
