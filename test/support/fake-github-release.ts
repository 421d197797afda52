import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A release as a test makes it. */
export interface FakeRelease {
  readonly tag: string
  /** Default: `bN` is a prerelease, all else is not. */
  readonly prerelease?: boolean
  readonly draft?: boolean
  /** Bytes by name; a file that is read when it is asked for. */
  readonly assets: Readonly<Record<string, string | Buffer | { readonly file: string }>>
  /** Changes what the API says of an asset: `{digest: null}`, `{state: 'open'}`. */
  readonly told?: (name: string) => Readonly<Record<string, unknown>>
}

export function assetBytes(release: FakeRelease, name: string): Buffer | null {
  const content = Object.hasOwn(release.assets, name) ? release.assets[name] : undefined
  if (content === undefined) return null
  return typeof content === 'string' || Buffer.isBuffer(content) ? Buffer.from(content) : readFileSync(content.file)
}

export interface FakePlace {
  /** owner/name */
  readonly repository: string
  /** Origins, without a slash at the end. */
  readonly api: string
  readonly download: string
}

/** What the API says of a release, in the fields of GitHub. */
export function releaseJson(release: FakeRelease, index: number, place: FakePlace): Record<string, unknown> {
  const { tag } = release
  const published = new Date(Date.UTC(2026, 9, 20) - index * 3_600_000).toISOString().replace('.000', '')
  return {
    url: `${place.api}/repos/${place.repository}/releases/${1000 + index}`,
    html_url: `${place.download}/${place.repository}/releases/tag/${encodeURIComponent(tag)}`,
    id: 1000 + index,
    tag_name: tag,
    name: tag,
    target_commitish: 'master',
    draft: release.draft ?? false,
    prerelease: release.prerelease ?? /^b\d/.test(tag),
    immutable: false,
    created_at: published,
    published_at: release.draft === true ? null : published,
    body: 'Notes.',
    assets: Object.keys(release.assets).map((name) => assetJson(release, name, place)),
  }
}

function assetJson(release: FakeRelease, name: string, place: FakePlace): Record<string, unknown> {
  const bytes = assetBytes(release, name) ?? Buffer.alloc(0)
  const id = Number.parseInt(
    createHash('sha1').update(`${place.repository} ${release.tag} ${name}`).digest('hex').slice(0, 7),
    16,
  )
  return {
    url: `${place.api}/repos/${place.repository}/releases/assets/${id}`,
    id,
    name,
    label: null,
    state: 'uploaded',
    size: bytes.length,
    content_type: 'application/octet-stream',
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    download_count: 3,
    created_at: '2026-10-01T00:00:00Z',
    updated_at: '2026-10-01T00:00:00Z',
    browser_download_url: `${place.download}/${place.repository}/releases/download/${encodeURIComponent(release.tag)}/${encodeURIComponent(name)}`,
    ...release.told?.(name),
  }
}
