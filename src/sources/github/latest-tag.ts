import { SluiceError } from '../../core/errors.ts'
import { checkRepository, isTag } from '../../core/github-url.ts'
import { decodePercent } from '../../core/url.ts'
import { withRetries } from '../../wire/api-retry.ts'
import { isRedirect, nextHop } from '../../wire/redirects.ts'
import type { GithubAsking } from './attempt.ts'
import { githubError } from './github-error.ts'

/** A repository that moved leads on to its new name first. */
const maxHops = 5
const maxBytes = 64 * 1024

interface PageOptions {
  readonly asking: GithubAsking
  /** Base of the pages. */
  readonly download: string
  readonly newGuard: () => (address: string, url: URL) => void
}

/** The tag that `/releases/latest` redirects to; the page behind it is not fetched. */
export async function latestTag(
  { asking, download, newGuard }: PageOptions,
  repository: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const guard = newGuard()
  const history: URL[] = []
  let url = new URL(`${download}/${checkRepository(repository)}/releases/latest`)
  while (history.length < maxHops) {
    const request = { method: 'GET', url, maxBytes, guard, signal } as const
    const answer = await withRetries(() => asking.api.request(request), asking.retry, signal)
    if (!isRedirect(answer.status)) {
      if (answer.status === 404 || answer.status === 200) break
      const what = `the latest release of ${repository}`
      throw githubError(answer, { what, now: asking.now(), withToken: false })
    }
    const head = { status: answer.status, fields: answer.headers.fields }
    const next = nextHop(url, head, history, { allowDowngrade: false })
    if (next.origin !== url.origin) {
      throw new SluiceError('redirect-refused', `${url.host} redirects to ${next.host} in place of a release.`)
    }
    const tag = decodePercent(/\/releases\/tag\/(.+)$/.exec(next.pathname)?.[1] ?? '')
    if (tag !== '' && isTag(tag)) return tag
    if (!next.pathname.endsWith('/releases/latest')) break
    history.push(url)
    url = next
  }
  throw new SluiceError('release-not-found', `${repository} has no latest release.`)
}
