import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { checkRepository, checkTag, encodePath, isTag } from './github-url.ts'
import { decodePercent } from './url.ts'

/** A release as a person names it. */
export interface ReleaseReference {
  /** owner/name */
  readonly repository: string
  /** Null for the latest. */
  readonly tag: string | null
}

const prefix = /^(?:(?:https?:\/\/)?(?:www\.)?github\.com\/|github:)/i
const name = String.raw`[^/@]+\/[^/@]+?`
const page = new RegExp(String.raw`^(${name})(?:\.git)?\/releases(?:\/tag\/(.+?)|\/latest)?\/?$`)
/** A host with a port or a dot is no owner, and `localhost` is a host. */
const plain = /^(?!localhost\/)[a-z\d][\w-]{0,99}\/[\w.-]{1,100}(?:@\S+)?$/i
const short = new RegExp(String.raw`^(${name})(?:\.git)?\/?(?:@(.+))?$`)

/**
 * Reads `owner/repo`, `owner/repo@tag`, and addresses of a repository or of one of its releases. `usage` for all else.
 */
export function parseReleaseReference(text: string): ReleaseReference {
  const trimmed = text.trim()
  const bare = trimmed.replace(prefix, '')
  // Only addresses have a query: a tag may contain a `#`.
  const path = /^https?:/i.test(trimmed) ? bare.replace(/[?#].*$/s, '') : bare
  const onPage = page.exec(path)
  const [, repository, tag] = onPage ?? short.exec(path) ?? []
  if (repository === undefined || /^https?:/i.test(path))
    throw new SluiceError('usage', `"${excerpt(text)}" is no release.`, {
      hint: 'Write it as owner/repo or owner/repo@tag.',
    })
  const isLatest = tag === undefined || (onPage === null && tag.toLowerCase() === 'latest')
  return {
    repository: checkRepository(repository),
    tag: isLatest ? null : checkTag(onPage === null ? tag : decodePercent(tag)),
  }
}

/**
 * Whether a text is surely meant as a release and not as an address, a file or a model: `owner/repo`, `owner/repo@tag`,
 * `github:owner/repo`, or the address at github.com of a repository or of one of its releases.
 */
export function looksLikeRelease(text: string): boolean {
  if (!prefix.test(text) && !plain.test(text)) return false
  try {
    parseReleaseReference(text)
    return true
  } catch {
    return false
  }
}

/** `owner/repo` or `owner/repo@tag` */
export function showRelease({ repository, tag }: ReleaseReference): string {
  return tag === null ? repository : `${repository}@${tag}`
}

/** Where people read of it; `pages` is the address of GitHub's. */
export function releasePage(pages: string, { repository, tag }: ReleaseReference): string {
  return `${pages}/${repository}/releases/${tag === null ? 'latest' : `tag/${encodePath(tag)}`}`
}

/** The release and the file that an address of a file of a release leads to; null for other addresses. */
export function readAssetUrl(address: string): { readonly reference: ReleaseReference; readonly asset: string } | null {
  const path = URL.parse(address)?.pathname ?? ''
  const [, repository = '', tag = '', asset = ''] =
    /\/([^/]+\/[^/]+)\/releases\/download\/(.+)\/([^/]+)$/.exec(path) ?? []
  const shown = decodePercent(tag)
  return repository === '' || !isTag(shown)
    ? null
    : { reference: { repository, tag: shown }, asset: decodePercent(asset) }
}
