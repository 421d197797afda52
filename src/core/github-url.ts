import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { parseHttpUrl } from './url.ts'

/** Where GitHub, or what stands for it, is asked. Without a slash at the end; a path in front is kept. */
export interface GithubBases {
  /** https://api.github.com */
  readonly api: string
  /** https://github.com */
  readonly download: string
  /** Addresses at github.com stand for the same ones at `download`. */
  readonly isMirror: boolean
}

const publicApi = 'https://api.github.com'
const publicDownload = 'https://github.com'
/** Where the API of a GitHub Enterprise Server is, below the address of its pages. */
const enterprisePath = '/api/v3'

/** Reads SLUICE_GITHUB_API and SLUICE_GITHUB_DOWNLOAD. A `usage` error names the one that is no http or https address. */
export function githubBases(env: Readonly<Record<string, string | undefined>>): GithubBases {
  const api = baseOf(env, 'SLUICE_GITHUB_API') ?? publicApi
  const download = baseOf(env, 'SLUICE_GITHUB_DOWNLOAD')
  const pages = api.endsWith(enterprisePath) ? api.slice(0, -enterprisePath.length) : publicDownload
  return { api, download: download ?? pages, isMirror: download !== null }
}

function baseOf(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const text = env[name]?.trim() ?? ''
  if (text === '') return null
  let problem = 'has a user name, a query or a fragment'
  try {
    const { password, url, username } = parseHttpUrl(text)
    if (username === undefined && password === undefined && url.search === '' && !/[?#]/.test(text))
      return url.href.replace(/\/+$/, '')
  } catch (cause) {
    problem = cause instanceof SluiceError ? `is no address: ${cause.message}` : problem
  }
  throw new SluiceError('usage', `${name} ${problem}${problem.endsWith('.') ? '' : '.'}`, {
    hint: 'Write it as https://host or https://host/path.',
  })
}

/** Takes owner/name as GitHub allows them; anything else is a `usage` error. */
export function checkRepository(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}\/(?!\.{1,2}$)[\w.-]{1,100}$/.test(text)) return text
  throw new SluiceError('usage', `"${excerpt(text)}" is no repository.`, { hint: 'Write it as owner/name.' })
}

/** Whether a text can be a tag (git-check-ref-format) that arrives in an address as it is. */
export function isTag(text: string): boolean {
  return (
    text.length <= 255 &&
    text.isWellFormed() &&
    !/[\u0000-\u0020\u007f-\u009f~^:?*[\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\.\.|@\{/.test(text) &&
    text.split('/').every((part) => part !== '' && !part.startsWith('.') && !/\.(?:lock)?$/.test(part))
  )
}

/** A `usage` error for what can be no tag. */
export function checkTag(text: string): string {
  if (isTag(text)) return text
  throw new SluiceError('usage', `"${excerpt(text)}" can be no tag.`)
}

/** Address in the API below `/repos/owner/name`. */
export function apiUrl({ api }: GithubBases, repository: string, path: string): URL {
  return new URL(`${api}/repos/${checkRepository(repository)}/${path}`)
}

/**
 * Where an asset is to be had without asking the API; a null tag means the latest release. `usage` for a repository, a
 * tag or a name that is none.
 */
export function assetUrl({ download }: GithubBases, repository: string, tag: string | null, name: string): string {
  if (/^\.{0,2}$/.test(name) || !name.isWellFormed())
    throw new SluiceError('usage', `"${excerpt(name)}" can be no name of a file.`)
  const folder = tag === null ? 'latest/download' : `download/${encodePath(checkTag(tag))}`
  return `${download}/${checkRepository(repository)}/releases/${folder}/${encodeURIComponent(name)}`
}

/** A tag as a part of an address: its slashes stay. */
export function encodePath(tag: string): string {
  return tag.split('/').map(encodeURIComponent).join('/')
}

/**
 * An address that the API told, where it belongs to the download base or to the API's own origin; one at github.com is
 * told for a mirror as the mirror's. Null for all others.
 */
export function ownUrl(bases: GithubBases, told: string): string | null {
  const url = /[\s\\]/.test(told) ? null : URL.parse(told)
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return null
  if (isBelow(url, bases.download) || url.origin === new URL(bases.api).origin) return url.href
  if (bases.isMirror && url.origin === publicDownload) return `${bases.download}${url.pathname}${url.search}`
  return null
}

function isBelow(url: URL, base: string): boolean {
  const { origin, pathname } = new URL(base)
  return url.origin === origin && `${url.pathname}/`.startsWith(pathname.endsWith('/') ? pathname : `${pathname}/`)
}
