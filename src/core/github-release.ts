import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { readAssetDigest } from './github-digest.ts'
import { encodePath, isTag, ownUrl } from './github-url.ts'
import type { GithubBases } from './github-url.ts'
import { field, isRecord } from './json-record.ts'
import type { JsonRecord } from './json-record.ts'
import type { Release, ReleaseAsset } from './release.ts'

/** What an answer is read for. */
export interface ReleaseContext {
  readonly bases: GithubBases
  /** owner/name as it was asked for. */
  readonly repository: string
  readonly fromCache: boolean
}

/** GitHub allows 1000 for one release. */
const maxAssets = 1000
const maxNameBytes = 255
const mediaType = /^[a-z\d][\w.+-]{0,60}\/[a-z\d][\w.+-]{0,60}$/i
/** What no file name may have anywhere, and what turns the direction of text. */
const unsafe = /[\u0000-\u001f\u007f-\u009f/\\<>:"|?*\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

/**
 * Reads a release of the API (GitHub REST API, "Releases"); null for a draft. `bad-manifest` for anything that is none or
 * whose tag, names, sizes or addresses are not safe. A bad digest is noted with its asset: see `assetSha256`.
 */
export function readRelease(json: unknown, context: ReleaseContext): Release | null {
  if (!isRecord(json)) throw bad('is no release')
  if (field(json, 'draft') === true) return null
  const tag = field(json, 'tag_name')
  if (typeof tag !== 'string' || !isTag(tag)) throw bad(`has no usable tag ("${excerpt(String(tag))}")`)
  const name = field(json, 'name')
  const published = field(json, 'published_at')
  return {
    repository: spelledNow(json, tag, context),
    tag,
    name: typeof name === 'string' && name.trim() !== '' ? shown(name) : tag,
    prerelease: field(json, 'prerelease') === true,
    publishedAt: typeof published === 'string' && isDate(published) ? published : null,
    assets: readAssets(field(json, 'assets'), tag, context.bases),
    fromCache: context.fromCache,
  }
}

/** The same of a list, without its drafts. */
export function readReleases(json: unknown, context: ReleaseContext): Release[] {
  if (!Array.isArray(json)) throw bad('is no list of releases')
  return json.map((one) => readRelease(one, context)).filter((release) => release !== null)
}

function readAssets(json: unknown, tag: string, bases: GithubBases): ReleaseAsset[] {
  if (!Array.isArray(json) || json.length > maxAssets) throw bad(`has no usable list of assets (${excerpt(tag)})`)
  const assets = json.map((one) => readAsset(one, bases))
  const names = new Set(assets.map(({ name }) => name))
  if (names.size < assets.length) throw bad(`has two assets of one name (${excerpt(tag)})`)
  return assets
}

function readAsset(json: unknown, bases: GithubBases): ReleaseAsset {
  if (!isRecord(json)) throw bad('has an asset that is none')
  const name = field(json, 'name')
  if (typeof name !== 'string' || !isFileName(name))
    throw bad(`has an asset whose name is no file name ("${excerpt(String(name))}")`)
  const size = field(json, 'size')
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    throw bad(`tells no size of ${excerpt(name)}`)
  const told = field(json, 'browser_download_url')
  const url = typeof told === 'string' ? ownUrl(bases, told) : null
  if (url === null) {
    throw bad(
      `says that ${excerpt(name)} is at "${excerpt(String(told))}", which is not below ${bases.download}`,
      'If that is the right place, put its address into SLUICE_GITHUB_DOWNLOAD.',
    )
  }
  const state = field(json, 'state')
  // Servers that are only like GitHub know no states.
  const uploaded = state === 'uploaded' || state === undefined
  const type = field(json, 'content_type')
  const isType = typeof type === 'string' && mediaType.test(type)
  return {
    name,
    size,
    ...readAssetDigest(field(json, 'digest')),
    url,
    uploaded,
    ...(isType ? { mediaType: type } : {}),
  }
}

function isFileName(name: string): boolean {
  return (
    name.trim() === name &&
    name.isWellFormed() &&
    !unsafe.test(name) &&
    !/^\.*$/.test(name) &&
    new TextEncoder().encode(name).length <= maxNameBytes
  )
}

/** The page of the release tells the name of today, after a move of the repository too. */
function spelledNow(json: JsonRecord, tag: string, { bases, repository }: ReleaseContext): string {
  const page = field(json, 'html_url')
  const url = typeof page === 'string' ? ownUrl(bases, page) : null
  const end = `/releases/tag/${encodePath(tag)}`
  const path = url?.endsWith(end) === true ? new URL(url).pathname.slice(0, -end.length) : ''
  return /\/([A-Za-z0-9][\w-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100})$/.exec(path)?.[1] ?? repository
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z$/.test(text) && !Number.isNaN(Date.parse(text))

/** For people: one line without anything that moves a cursor or turns the direction of writing. */
const shown = (text: string): string =>
  text
    .slice(0, 200)
    .toWellFormed()
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()

function bad(what: string, hint?: string): SluiceError {
  return new SluiceError('bad-manifest', `What the API of GitHub sent ${what}.`, {
    hint: hint ?? 'Nothing was written. Check SLUICE_GITHUB_API, if it is set.',
  })
}
