import { createHash } from 'node:crypto'
import { assetBytes, releaseJson } from './fake-github-release.ts'
import type { FakeRelease } from './fake-github-release.ts'
import { startScripted } from './scripted-registry.ts'
import type { Heard, Reply, ScriptedServer } from './scripted-registry.ts'

type Answer = (heard: Heard) => Reply | undefined

/** How the scripted GitHub behaves; a test changes it at any time. */
export interface FakeBehaviour {
  /** Tokens that the API answers 401. */
  badTokens: Set<string>
  /** Answers of a host in place of its own ones; undefined leaves a request to these. */
  api: Answer
  download: Answer
  cdn: Answer
  /** Repositories that moved, by their old names. */
  moved: Map<string, string>
  /** Names of assets of whose bytes one is flipped on the way. */
  corrupt: Set<string>
  /** Signed addresses are valid for so many requests; default without end. */
  signatureUses: number
}

/**
 * GitHub on three origins of loopback: the API (releases, ETags, Link, limits), the pages (`/releases/latest` and
 * downloads, which redirect), and the CDN that has the bytes, with ranges. The last two answer 400 to a token.
 */
export interface FakeGithub {
  /** What leads Sluice to it. */
  readonly env: Readonly<Record<'SLUICE_GITHUB_API' | 'SLUICE_GITHUB_DOWNLOAD', string>>
  readonly api: ScriptedServer
  readonly download: ScriptedServer
  readonly cdn: ScriptedServer
  readonly behaviour: FakeBehaviour
  /** Adds a release, newer than those of this repository so far, or in place of the one with its tag. */
  publish(repository: string, release: FakeRelease): void
  /** Names of the assets whose bytes were sent, in order. */
  sent(): string[]
  /** `host path` of all requests away from the API that carried a token. */
  leaks(): string[]
  close(): Promise<void>
}

/** An answer of the API with its quota used up, which begins anew in so many seconds. */
export function limited(seconds = 1800, status: 403 | 429 = 403): Reply {
  const reset = Math.ceil(Date.now() / 1000) + seconds
  return {
    status,
    headers: { ...quota, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
    body: JSON.stringify({ message: 'API rate limit exceeded for 127.0.0.1.' }),
  }
}

const quota = {
  'Content-Type': 'application/json; charset=utf-8',
  'x-ratelimit-limit': '60',
  'x-ratelimit-remaining': '59',
}

const notFound: Reply = { status: 404, headers: quota, body: JSON.stringify({ message: 'Not Found' }) }

export async function startFakeGithub(): Promise<FakeGithub> {
  const all = new Map<string, FakeRelease[]>()
  const uses = new Map<string, number>()
  let signature = 0
  const nothing: Answer = () => undefined
  const behaviour: FakeBehaviour = {
    badTokens: new Set(),
    api: nothing,
    download: nothing,
    cdn: nothing,
    moved: new Map(),
    corrupt: new Set(),
    signatureUses: Number.POSITIVE_INFINITY,
  }

  const releasesOf = (repository: string): FakeRelease[] => all.get(repository) ?? []
  const latestOf = (repository: string): FakeRelease | undefined =>
    releasesOf(repository).find(({ draft, prerelease, tag }) => draft !== true && !(prerelease ?? /^b\d/.test(tag)))

  function fromApi(heard: Heard): Reply {
    const token = /^Bearer (.*)$/.exec(heard.headers.authorization ?? '')?.[1]
    if (token !== undefined && behaviour.badTokens.has(token))
      return { ...notFound, status: 401, body: JSON.stringify({ message: 'Bad credentials' }) }
    const [, repository = '', path = ''] = /^\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(heard.path) ?? []
    const name = behaviour.moved.get(repository)
    if (name !== undefined)
      return { ...notFound, status: 301, headers: { ...quota, Location: `${api.origin}/repos/${name}/${path}` } }
    const releases = releasesOf(repository)
    const place = { repository, api: api.origin, download: download.origin }
    const one = (release: FakeRelease | undefined): Reply =>
      release === undefined ? notFound : json(releaseJson(release, releases.indexOf(release), place), heard)
    if (path === 'releases/latest') return one(latestOf(repository))
    const [, tag] = /^releases\/tags\/(.+)$/.exec(path) ?? []
    if (tag !== undefined) return one(releases.find((release) => release.tag === decodeURIComponent(tag)))
    if (path !== 'releases' || releases.length === 0) return notFound
    const size = Number(heard.query.get('per_page') ?? 30)
    const page = Number(heard.query.get('page') ?? 1)
    const shown = releases.slice(size * (page - 1), size * page)
    const next = `<${api.origin}${heard.path}?per_page=${size}&page=${page + 1}>; rel="next"`
    const list = shown.map((release) => releaseJson(release, releases.indexOf(release), place))
    return json(list, heard, releases.length > size * page ? { Link: next } : {})
  }

  function fromPages(heard: Heard): Reply {
    if (heard.headers.authorization !== undefined) return refused
    const [, repository = '', path = ''] = /^\/([^/]+\/[^/]+)\/releases\/(.+)$/.exec(heard.path) ?? []
    const name = behaviour.moved.get(repository)
    const to = (location: string): Reply => ({ status: 302, headers: { Location: location } })
    if (name !== undefined) return { ...to(`${download.origin}/${name}/releases/${path}`), status: 301 }
    const below = `${download.origin}/${repository}/releases`
    const latest = latestOf(repository)?.tag
    if (path === 'latest') return to(latest === undefined ? below : `${below}/tag/${encodeURIComponent(latest)}`)
    const ofLatest = /^latest\/download\/([^/]+)$/.exec(path)?.[1]
    if (ofLatest !== undefined && latest !== undefined)
      return to(`${below}/download/${encodeURIComponent(latest)}/${ofLatest}`)
    const [, tag = '', asset = ''] = /^download\/(.+)\/([^/]+)$/.exec(path) ?? []
    if (find(repository, decodeURIComponent(tag), decodeURIComponent(asset)) === null) return plainNotFound
    return to(`${cdn.origin}/${repository}/${tag}/${asset}?signature=${++signature}`)
  }

  function fromCdn(heard: Heard): Reply {
    if (heard.headers.authorization !== undefined) return refused
    const signed = heard.query.get('signature') ?? ''
    const used = (uses.get(signed) ?? 0) + 1
    uses.set(signed, used)
    if (signed === '' || used > behaviour.signatureUses)
      return {
        status: 403,
        body: '<Error><Code>AuthenticationFailed</Code><Message>Signature not valid</Message></Error>',
      }
    const [, repository = '', tag = '', name = ''] = /^\/([^/]+\/[^/]+)\/(.+)\/([^/]+)$/.exec(heard.path) ?? []
    const bytes = find(repository, decodeURIComponent(tag), decodeURIComponent(name))
    if (bytes === null) return plainNotFound
    const middle = bytes.length >> 1
    if (behaviour.corrupt.has(decodeURIComponent(name))) bytes[middle] = (bytes[middle] ?? 0) ^ 1
    return ranged(bytes, heard)
  }

  function find(repository: string, tag: string, name: string): Buffer | null {
    const release = releasesOf(repository).find((one) => one.tag === tag)
    return release === undefined ? null : assetBytes(release, name)
  }

  const api = await startScripted((heard) => behaviour.api(heard) ?? fromApi(heard))
  const download = await startScripted((heard) => behaviour.download(heard) ?? fromPages(heard))
  const cdn = await startScripted((heard) => behaviour.cdn(heard) ?? fromCdn(heard))
  return {
    env: { SLUICE_GITHUB_API: api.origin, SLUICE_GITHUB_DOWNLOAD: download.origin },
    api,
    download,
    cdn,
    behaviour,
    publish(repository, release) {
      const others = releasesOf(repository)
      const same = others.findIndex(({ tag }) => tag === release.tag)
      all.set(repository, same < 0 ? [release, ...others] : others.with(same, release))
    },
    sent: () => cdn.heard.map(({ path }) => decodeURIComponent(path.slice(path.lastIndexOf('/') + 1))),
    leaks: () =>
      Object.entries({ download, cdn }).flatMap(([host, { heard }]) =>
        heard.filter(({ headers }) => headers.authorization !== undefined).map(({ path }) => `${host} ${path}`),
      ),
    async close() {
      await Promise.all([api.close(), download.close(), cdn.close()])
    },
  }
}

const refused: Reply = { status: 400, body: 'Only one auth mechanism allowed' }
const plainNotFound: Reply = { status: 404, headers: { 'Content-Type': 'text/plain' }, body: 'Not Found' }

function json(value: unknown, heard: Heard, more: Readonly<Record<string, string>> = {}): Reply {
  const body = JSON.stringify(value)
  const etag = `W/"${createHash('sha1').update(body).digest('hex')}"`
  const headers = { ...quota, ...more, ETag: etag }
  return heard.headers['if-none-match'] === etag ? { status: 304, headers } : { headers, body }
}

function ranged(bytes: Buffer, { headers: asked }: Heard): Reply {
  const etag = `"${createHash('sha1').update(bytes).digest('hex')}"`
  const headers = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', ETag: etag }
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.range ?? '')
  if (range === null || (asked['if-range'] !== undefined && asked['if-range'] !== etag))
    return { headers: { ...headers, 'Content-Length': String(bytes.length) }, body: bytes }
  const from = Number(range[1])
  const to = Math.min(range[2] === '' ? Number.POSITIVE_INFINITY : Number(range[2]), bytes.length - 1)
  if (from > to) return { status: 416, headers: { ...headers, 'Content-Range': `bytes */${bytes.length}` } }
  const body = bytes.subarray(from, to + 1)
  const place = { 'Content-Range': `bytes ${from}-${to}/${bytes.length}`, 'Content-Length': String(body.length) }
  return { status: 206, headers: { ...headers, ...place }, body }
}
