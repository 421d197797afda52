import { SluiceError } from '../../core/errors.ts'
import { nextPage } from '../../core/github-link.ts'
import { readRelease, readReleases } from '../../core/github-release.ts'
import { nearestTags } from '../../core/github-tags.ts'
import { apiUrl, assetUrl, checkTag, encodePath, githubBases } from '../../core/github-url.ts'
import type { Release } from '../../core/release.ts'
import type { AddressKind } from '../../wire/address-policy.ts'
import { makeAddressPolicy } from '../../wire/address-policy.ts'
import type { ApiClient } from '../../wire/api-request.ts'
import type { RetryOptions } from '../../wire/api-retry.ts'
import { noCache, openApiCache } from './api-cache.ts'
import { openGithubApi } from './ask-api.ts'
import { assetText } from './asset-text.ts'
import { findToken } from './find-token.ts'
import { isNearHost } from '../near-host.ts'
import { latestTag } from './latest-tag.ts'
import type { GithubReleases, ListOptions } from './types.ts'

export interface GithubOptions {
  /** Not closed. */
  readonly api: ApiClient
  /** For SLUICE_GITHUB_API, SLUICE_GITHUB_DOWNLOAD, SLUICE_GITHUB_TOKEN, GH_TOKEN and GITHUB_TOKEN. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Folder whose `api` keeps answers; null keeps none. */
  readonly cacheDir: string | null
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number
  /** One sentence without secrets; default: nobody hears. */
  readonly onWarning?: (sentence: string) => void
  /** Of the engine: see `makeAddressPolicy`. Default false. */
  readonly allowPrivate?: boolean
  readonly publicOnly?: boolean
  /** Certificates are not checked: then no token is sent. */
  readonly insecure?: boolean
  /** Further attempts of a request; default 3. */
  readonly retries?: number
  /** For tests. */
  readonly classify?: (address: string) => AddressKind
  readonly random?: RetryOptions['random']
  readonly sleep?: RetryOptions['sleep']
}

const maxReleaseBytes = 2 * 1024 * 1024
const maxListBytes = 8 * 1024 * 1024
const defaultPerPage = 10
const maxPerPage = 30
const maxPages = 10

/** Opens the releases of GitHub. `usage` where a base address in the environment is none. */
export function openGithub(options: GithubOptions): GithubReleases {
  const { allowPrivate = false, api: client, cacheDir, env, now = Date.now, publicOnly = false } = options
  const { classify, insecure = false, onWarning = () => undefined, random, retries, sleep } = options
  const bases = githubBases(env)
  const policy = { allowPrivate, publicOnly, ...(classify === undefined ? {} : { classify }) }
  const newGuard = (): ReturnType<typeof makeAddressPolicy> => makeAddressPolicy(policy)
  const asking = { api: client, retry: { retries, now, random, sleep }, now, onWarning }
  const cache = cacheDir === null ? noCache : openApiCache(cacheDir)
  const { problems, token } = findToken(env, { api: new URL(bases.api), isPrivate: (url) => isNearHost(url), insecure })
  for (const problem of problems) onWarning(problem)
  const api = openGithubApi({ asking, bases, cache, token, newGuard })

  const listUrl = (repository: string, perPage: number): URL => {
    const url = apiUrl(bases, repository, 'releases')
    url.searchParams.set('per_page', String(perPage))
    return url
  }

  const readList = (repository: string) => (json: unknown, fromCache: boolean) =>
    readReleases(json, { bases, repository, fromCache })

  /** Names what may have been meant, as far as a list is at hand. */
  async function missing(repository: string, sentence: string, tag: string | null, withToken: boolean) {
    const known = tag === null ? null : await api.kept(listUrl(repository, defaultPerPage), readList(repository))
    const near =
      tag === null || known === null
        ? []
        : nearestTags(
            tag,
            known.value.map((release) => release.tag),
          )
    const guess = near.length === 0 ? 'Check owner, name and tag for typing errors.' : `There is ${near.join(', ')}.`
    const hint = `${guess} A private repository needs a token that may read it${withToken ? '' : ' (GITHUB_TOKEN)'}.`
    return new SluiceError('release-not-found', sentence, { hint, status: 404 })
  }

  async function one(
    repository: string,
    wanted: { readonly path: string; readonly what: string; readonly none: string; readonly tag: string | null },
    signal: AbortSignal | undefined,
  ): Promise<Release> {
    const { none, path, tag, what } = wanted
    const notFound = (withToken: boolean): Promise<SluiceError> => missing(repository, none, tag, withToken)
    const { value } = await api.ask({
      url: apiUrl(bases, repository, path),
      what,
      maxBytes: maxReleaseBytes,
      read: (json, fromCache) => readRelease(json, { bases, repository, fromCache }),
      notFound,
      signal,
    })
    if (value === null) throw await notFound(token !== null)
    if (tag === null || value.tag === tag) return value
    throw new SluiceError('bad-manifest', `The API was asked for ${tag} of ${repository} and sent another release.`, {
      hint: 'Nothing was written. Check SLUICE_GITHUB_API, if it is set.',
    })
  }

  async function list(repository: string, chosen: ListOptions = {}): Promise<Release[]> {
    const perPage = between(chosen.perPage ?? defaultPerPage, maxPerPage)
    const pages = between(chosen.pages ?? 1, maxPages)
    const what = `the releases of ${repository}`
    const found = new Map<string, Release>()
    let url: URL | null = listUrl(repository, perPage)
    for (let page = 0; page < pages && url !== null; page++) {
      const reply: Awaited<ReturnType<typeof askPage>> = await askPage(url)
      // A release that comes out meanwhile moves one from page to page.
      for (const release of reply.value) if (!found.has(release.tag)) found.set(release.tag, release)
      if (chosen.enough !== undefined && reply.value.some(chosen.enough)) break
      url = nextPage(reply.link, url)
    }
    return [...found.values()]

    function askPage(address: URL) {
      return api.ask({
        url: address,
        what,
        maxBytes: maxListBytes,
        read: readList(repository),
        notFound: (withToken) => missing(repository, `There is no repository ${repository}.`, null, withToken),
        signal: chosen.signal,
      })
    }
  }

  return {
    latest: (repository, signal) =>
      one(
        repository,
        {
          path: 'releases/latest',
          what: `the latest release of ${repository}`,
          none: `${repository} has no latest release.`,
          tag: null,
        },
        signal,
      ),
    byTag: async (repository, tag, signal) =>
      one(
        repository,
        {
          path: `releases/tags/${encodePath(checkTag(tag))}`,
          what: `the release ${tag} of ${repository}`,
          none: `${repository} has no release ${tag}.`,
          tag,
        },
        signal,
      ),
    list,
    text: (source, maxBytes, signal) => assetText({ asking, bases, newGuard }, source, maxBytes, signal),
    directUrl: (repository, tag, name) => assetUrl(bases, repository, tag, name),
    latestTagWithoutApi: (repository, signal) =>
      latestTag({ asking, download: bases.download, newGuard }, repository, signal),
  }
}

const between = (value: number, most: number): number => Math.min(most, Math.max(1, Math.trunc(value) || 1))
