import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fails } from '../../../test/support/source-lab.ts'
import { SluiceError } from '../../core/errors.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import type { ApiClient } from '../../wire/api-request.ts'
import { openGithub } from './open-github.ts'
import type { GithubReleases } from './types.ts'

type Answer = { readonly status: number; readonly location?: string; readonly body?: string }

/** GitHub under its real names, without a network. */
function scripted(answers: Readonly<Record<string, Answer>>): { github: GithubReleases; asked: string[] } {
  const asked: string[] = []
  const api: ApiClient = {
    async request({ url }): Promise<ApiAnswer> {
      asked.push(url.href)
      const { body = '', location, status } = answers[url.href] ?? { status: 404 }
      const fields = location === undefined ? [] : [['location', location] as const]
      const headers = { fields, get: () => null, all: () => [] }
      return { status, headers, body: Buffer.from(body), url, remoteAddress: '' }
    },
    close: () => undefined,
  }
  return { github: openGithub({ api, env: {}, cacheDir: null, sleep: () => Promise.resolve() }), asked }
}

const file = 'https://github.com/o/r/releases/download/v1/a.txt'

describe('github.com', () => {
  it('may send to its own CDN', async () => {
    const cdn = 'https://release-assets.githubusercontent.com/x?sig=1'
    const { github } = scripted({ [file]: { status: 302, location: cdn }, [cdn]: { status: 200, body: 'text' } })
    assert.equal(await github.text(github.directUrl('o/r', 'v1', 'a.txt'), 100), 'text')
  })

  it('is followed nowhere else', async () => {
    for (const location of [
      'https://evil.test/a.txt',
      'https://githubusercontent.com.evil.test/',
      'https://x.y.githubusercontent.com.evil.test/',
      'https://evilgithubusercontent.com/',
      'https://objects.githubusercontent.com:8443/',
      'http://objects.githubusercontent.com/',
    ]) {
      const { asked, github } = scripted({ [file]: { status: 302, location } })
      await fails(github.text(file, 100), 'redirect-refused')
      assert.deepEqual(asked, [file])
    }
  })

  it('tells the latest tag by its own pages alone', async () => {
    const page = 'https://github.com/o/r/releases/latest'
    const latest = (location: string): Promise<string> =>
      scripted({ [page]: { status: 302, location } }).github.latestTagWithoutApi('o/r')
    assert.equal(await latest('https://github.com/o/r/releases/tag/%40s%2Fp%401'), '@s/p@1')
    await fails(latest('https://evil.test/o/r/releases/tag/v9'), 'redirect-refused')
    for (const location of [
      'https://github.com/o/r/releases',
      'https://github.com/o/r/releases/tag/a%20b',
      'https://github.com/login',
    ])
      await fails(latest(location), 'release-not-found')
  })
})

describe('a certificate that is not trusted', () => {
  it('is told with what to do behind a proxy that opens TLS', async () => {
    const refuse = (): Promise<never> =>
      Promise.reject(new SluiceError('tls', 'api.github.com shows a certificate of its own.'))
    const api = { request: refuse, close: () => undefined }
    const error = await fails(
      openGithub({ api, env: {}, cacheDir: null }).latest('o/r'),
      'tls',
      /certificate of its own/,
    )
    assert.match(error.hint, /--cacert or NODE_EXTRA_CA_CERTS/)
  })
})
