import { SluiceError } from '../../core/errors.ts'
import { assetSha256 } from '../../core/github-digest.ts'
import { ownUrl } from '../../core/github-url.ts'
import type { GithubBases } from '../../core/github-url.ts'
import type { ReleaseAsset } from '../../core/release.ts'
import { redactUrl } from '../../core/url.ts'
import { askGithub } from './attempt.ts'
import type { GithubAsking } from './attempt.ts'
import { githubError } from './github-error.ts'

const { createHash } = process.getBuiltinModule('node:crypto')

interface TextOptions {
  readonly asking: GithubAsking
  readonly bases: GithubBases
  readonly newGuard: () => (address: string, url: URL) => void
}

/** Where github.com itself sends those who ask for an asset. */
const ownHosts = /^(?:github\.com|[a-z0-9-]+\.githubusercontent\.com)$/

/** See `GithubReleases.text`. Bytes with a wrong digest are fetched once more. */
export async function assetText(
  options: TextOptions,
  source: ReleaseAsset | string,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<string> {
  const asset = typeof source === 'string' ? null : source
  const wanted = asset === null ? null : assetSha256(asset)
  const told = typeof source === 'string' ? source : source.url
  const href = ownUrl(options.bases, told)
  if (href === null) throw new SluiceError('redirect-refused', `${redactUrl(told)} is not an address of GitHub.`)
  if (asset !== null && asset.size > maxBytes) {
    throw new SluiceError('answer-too-large', `${asset.name} has ${asset.size} bytes; at most ${maxBytes} are read.`)
  }
  const url = new URL(href)
  const name = asset?.name ?? url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  let bytes = await fetchBytes(options, { url, name, maxBytes, signal })
  if (wanted !== null && sha256(bytes) !== wanted) bytes = await fetchBytes(options, { url, name, maxBytes, signal })
  const digest = sha256(bytes)
  if (wanted !== null && digest !== wanted) {
    throw new SluiceError('digest-mismatch', `${name} has the SHA-256 ${digest}, expected was ${wanted}.`)
  }
  if (asset !== null && bytes.length !== asset.size) {
    throw new SluiceError('size-mismatch', `${name} has ${bytes.length} bytes, expected were ${asset.size}.`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new SluiceError('not-the-file', `${name} is no text.`, { hint: 'Check the name of the file.', cause })
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function fetchBytes(
  { asking, bases, newGuard }: TextOptions,
  wanted: {
    readonly url: URL
    readonly name: string
    readonly maxBytes: number
    readonly signal: AbortSignal | undefined
  },
): Promise<Buffer> {
  const { name, url } = wanted
  const answer = await askGithub(asking, {
    ...wanted,
    what: name,
    headers: [],
    authorization: null,
    newGuard,
    checkHop: (next) => checkHop(next, bases),
    judge(reply, asked) {
      // The signed address behind a redirect holds for minutes; the first one makes a new one.
      if (reply.status === 200 || reply.status === 404 || reply.url.origin === url.origin) return
      const error = githubError(reply, asked)
      throw new SluiceError(error.code, error.message, { hint: error.hint, status: reply.status, retry: 'backoff' })
    },
  })
  if (answer.status === 200) return answer.body
  if (answer.status === 404) {
    throw new SluiceError('asset-not-found', `${url.host} has no ${name} in this release.`, {
      hint: 'It may still be on its way there, or be gone; see what there is with --list.',
      status: 404,
    })
  }
  throw githubError(answer, { what: name, now: asking.now(), withToken: false })
}

function checkHop(next: URL, { download }: GithubBases): void {
  if (new URL(download).host !== 'github.com' || (next.protocol === 'https:' && ownHosts.test(next.host))) return
  throw new SluiceError('redirect-refused', `github.com redirects to ${next.host}, which is no host of GitHub.`)
}
