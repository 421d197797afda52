import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limited } from '../../../test/support/fake-github.ts'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import { githubLab } from '../../../test/support/github-lab.ts'
import type { Reply } from '../../../test/support/scripted-registry.ts'
import { fails } from '../../../test/support/source-lab.ts'
import type { Release } from '../../core/release.ts'

const lab = githubLab()
const repository = 'acme/tool'

/** Three builds and a version, b3 the newest. */
async function acme(): Promise<FakeGithub> {
  const fake = await lab.start()
  fake.publish(repository, { tag: 'b1', assets: { 'a.zip': 'one' } })
  fake.publish(repository, { tag: 'v1.0.0', assets: { 'a.zip': 'stable' } })
  fake.publish(repository, { tag: 'b2', assets: { 'a.zip': 'two' } })
  fake.publish(repository, { tag: 'b3', assets: { 'a.zip': 'three' } })
  return fake
}

const tags = (releases: readonly Release[]): string[] => releases.map(({ tag }) => tag)

/** A GitHub whose API gives those replies first. */
async function after(...replies: readonly Reply[]): Promise<FakeGithub> {
  const fake = await acme()
  const left = [...replies]
  fake.behaviour.api = () => left.shift()
  return fake
}

describe('releases', () => {
  it('are the latest one, one by its tag, and a list, newest first', async () => {
    const fake = await acme()
    const { github, warnings } = lab.open(fake)
    const latest = await github.latest(repository)
    assert.deepEqual([latest.tag, latest.prerelease, latest.fromCache], ['v1.0.0', false, false])
    const [asset] = (await github.byTag(repository, 'b2')).assets
    assert.equal(asset?.url, `${fake.download.origin}/acme/tool/releases/download/b2/a.zip`)
    assert.deepEqual(tags(await github.list(repository)), ['b3', 'b2', 'v1.0.0', 'b1'])
    assert.deepEqual(warnings, [])
    const [heard] = fake.api.heard
    assert.equal(heard?.headers.accept, 'application/vnd.github+json')
    assert.match(heard?.headers['user-agent'] ?? '', /^sluice\//)
    assert.equal(heard?.headers.authorization, undefined)
  })

  it('of a list come page by page, as far as was asked for', async () => {
    const fake = await acme()
    const { github } = lab.open(fake)
    assert.deepEqual(tags(await github.list(repository, { perPage: 2 })), ['b3', 'b2'])
    assert.deepEqual(tags(await github.list(repository, { perPage: 1, pages: 3 })), ['b3', 'b2', 'v1.0.0'])
    assert.deepEqual(tags(await github.list(repository, { perPage: 3, pages: 99 })), ['b3', 'b2', 'v1.0.0', 'b1'])
    const asked = fake.api.heard.length
    const enough = ({ tag }: Release): boolean => tag === 'b2'
    assert.deepEqual(tags(await github.list(repository, { perPage: 1, pages: 9, enough })), ['b3', 'b2'])
    assert.equal(fake.api.heard.length, asked + 2)
    assert.deepEqual(fake.api.heard.map(({ query }) => query.get('per_page')).slice(-2), ['1', '1'])
  })

  it('that are drafts are left out', async () => {
    const fake = await acme()
    fake.publish(repository, { tag: 'b4', draft: true, assets: {} })
    const { github } = lab.open(fake)
    assert.deepEqual(tags(await github.list(repository)), ['b3', 'b2', 'v1.0.0', 'b1'])
    await fails(github.byTag(repository, 'b4'), 'release-not-found', /acme\/tool has no release b4/)
  })

  it('with slashes in their tags are found', async () => {
    const fake = await acme()
    fake.publish(repository, { tag: '@acme/tool@1.0', assets: { 'a.zip': 'x' } })
    const { github } = lab.open(fake)
    assert.equal((await github.byTag(repository, '@acme/tool@1.0')).tag, '@acme/tool@1.0')
  })

  it('of a repository that moved are followed at the same host', async () => {
    const fake = await acme()
    fake.behaviour.moved.set('old/tool', repository)
    const { github } = lab.open(fake, { env: { GITHUB_TOKEN: 'ghp_x' } })
    assert.equal((await github.byTag('old/tool', 'b1')).repository, repository)
    assert.equal(await github.latestTagWithoutApi('old/tool'), 'v1.0.0')
    assert.deepEqual(
      fake.api.heard.map(({ headers }) => headers.authorization),
      ['Bearer ghp_x', 'Bearer ghp_x'],
    )
  })

  it('are not followed to another host', async () => {
    const fake = await acme()
    fake.behaviour.api = () => ({ status: 301, headers: { Location: `${fake.cdn.origin}/x` } })
    await fails(lab.open(fake).github.latest(repository), 'redirect-refused', /is not the API that was asked/)
    assert.equal(fake.cdn.heard.length, 0)
  })

  it('are asked for below the path of a base', async () => {
    const fake = await acme()
    const env = { SLUICE_GITHUB_API: `${fake.api.origin}/api/v3/` }
    await fails(lab.open(fake, { env }).github.latest(repository), 'release-not-found')
    assert.equal(fake.api.heard[0]?.path, '/api/v3/repos/acme/tool/releases/latest')
  })

  it('have the addresses of the mirror, when github.com is told', async () => {
    const fake = await lab.start()
    const url = 'https://github.com/acme/tool/releases/download/b1/a.zip'
    fake.publish(repository, { tag: 'b1', assets: { 'a.zip': 'x' }, told: () => ({ browser_download_url: url }) })
    const [asset] = (await lab.open(fake).github.byTag(repository, 'b1')).assets
    assert.equal(asset?.url, `${fake.download.origin}/acme/tool/releases/download/b1/a.zip`)
  })

  it('of names that are none are asked for nowhere', async () => {
    const fake = await acme()
    const { github } = lab.open(fake)
    await fails(github.byTag(repository, '../../x'), 'usage')
    await fails(github.latest('acme'), 'usage')
    await fails(github.list('a/..'), 'usage')
    assert.equal(fake.api.heard.length, 0)
  })
})

describe('an answer that is no release', () => {
  it('is refused', async () => {
    const reply = async (body: string): Promise<unknown> =>
      lab.open(await after({ body })).github.byTag(repository, 'b1')
    await fails(reply('{"tag_name":"b2","assets":[]}'), 'bad-manifest', /sent another release/)
    await fails(reply('{"tag_name":'), 'bad-manifest', /no JSON/)
    await fails(reply('[]'), 'bad-manifest', /is no release/)
  })

  it('is refused when it is too large', async () => {
    const large = { body: Buffer.alloc(2 * 1024 * 1024 + 1, 0x20) }
    await fails(lab.open(await after(large)).github.latest(repository), 'answer-too-large')
    const list = { body: Buffer.alloc(8 * 1024 * 1024 + 1, 0x20) }
    await fails(lab.open(await after(list)).github.list(repository), 'answer-too-large')
  })

  it('but a web page is asked for again, then refused', async () => {
    const page = { headers: { 'Content-Type': 'text/html' }, body: '<html>Unicorn!</html>' }
    const bare = { body: '\n<!DOCTYPE html><title>Log in</title>' }
    assert.equal((await lab.open(await after(page, bare)).github.byTag(repository, 'b1')).tag, 'b1')
    await fails(lab.open(await after(page, page, page, page)).github.latest(repository), 'not-the-file', /web page/)
  })
})

describe('what is not there', () => {
  it('is told with the nearest tags, where a list is at hand', async () => {
    const fake = await acme()
    const { github } = lab.open(fake, { cacheDir: lab.folder() })
    const before = await fails(github.byTag(repository, 'b9'), 'release-not-found', /acme\/tool has no release b9\./)
    assert.match(before.hint, /typing errors\. A private repository needs .*GITHUB_TOKEN/)
    assert.equal(before.exitCode, 9)
    await github.list(repository)
    const { hint } = await fails(github.byTag(repository, 'b9'), 'release-not-found')
    assert.match(hint, /^There is b3, b2, b1\./)
  })

  it('may be a repository, or a release that is marked as the latest', async () => {
    const fake = await lab.start()
    fake.publish(repository, { tag: 'b1', assets: {} })
    const { github } = lab.open(fake)
    await fails(github.latest(repository), 'release-not-found', /acme\/tool has no latest release/)
    await fails(github.list('acme/none'), 'release-not-found', /no repository acme\/none/)
    await fails(github.latestTagWithoutApi(repository), 'release-not-found')
    await fails(github.latestTagWithoutApi('acme/none'), 'release-not-found')
  })
})

describe('limits', () => {
  it('of the quota are told with the time of the reset, at once', async () => {
    for (const status of [403, 429] as const) {
      const fake = await after(limited(1800, status))
      const { github, waits } = lab.open(fake)
      const error = await fails(github.latest(repository), 'rate-limited', /rate limit of 127\.0\.0\.1:\d+ is used up/)
      assert.match(error.hint, /^It resets at \d\d:\d\d, in (?:30|31) minutes\. Set GITHUB_TOKEN /)
      assert.ok(Math.abs((error.retryAfter ?? 0) - 1800) <= 2)
      assert.deepEqual([waits.length, fake.api.heard.length, error.exitCode], [0, 1, 4])
    }
  })

  it('of a token do not tell to set one', async () => {
    const { github } = lab.open(await after(limited()), { env: { GH_TOKEN: 'ghp_x' } })
    assert.doesNotMatch((await fails(github.latest(repository), 'rate-limited')).hint, /TOKEN/)
  })

  it('for a moment are waited for, and said', async () => {
    for (const status of [403, 429]) {
      const fake = await after({ status, headers: { 'Retry-After': '7' }, body: '{"message":"slow down"}' })
      const { github, waits, warnings } = lab.open(fake)
      assert.equal((await github.latest(repository)).tag, 'v1.0.0')
      assert.deepEqual(waits, [7000])
      assert.match(warnings.join(), /asks for a pause of 7 s\./)
    }
  })

  it('for longer, or without an end, are told', async () => {
    const long = await after({ status: 403, headers: { 'Retry-After': '300' } })
    const error = await fails(lab.open(long).github.latest(repository), 'rate-limited', /limits requests for now/)
    assert.deepEqual([error.retryAfter, /Try again in 5 minutes\./.test(error.hint)], [300, true])
    const words = { status: 403, body: '{"message":"You have exceeded a secondary rate limit."}' }
    const { retryAfter } = await fails(lab.open(await after(words)).github.latest(repository), 'rate-limited')
    assert.equal(retryAfter, 60)
  })
})

describe('refusals', () => {
  it('are told in the words of the API', async () => {
    const forbidden = await after({ status: 403, body: '{"message":"Repository access blocked"}' })
    await fails(lab.open(forbidden).github.latest(repository), 'http-forbidden', /\(403\): Repository access blocked/)
    const legal = await after({ status: 451, body: '{"message":"DMCA"}' })
    await fails(lab.open(legal).github.latest(repository), 'http-status', /\(451\): DMCA/)
    await fails(lab.open(await after({ status: 401 })).github.latest(repository), 'http-unauthorized', /\(401\)/)
  })

  it('that want single sign-on tell where', async () => {
    const url = 'https://github.com/orgs/acme/sso?authorization_request=AXX'
    const sso = (field: string): Reply => ({ status: 403, headers: { 'X-GitHub-SSO': field }, body: '{}' })
    const hint = async (field: string): Promise<string> =>
      (await fails(lab.open(await after(sso(field))).github.latest(repository), 'http-forbidden')).hint
    assert.equal(
      await hint(`required; url=${url}`),
      `The organisation wants single sign-on for this token: open ${url}`,
    )
    assert.match(await hint('required; url=javascript:alert(1)'), /single sign-on for this token\.$/)
    assert.match(await hint('partial-results; organizations=1'), /may not read it/)
  })
})

describe('what may pass', () => {
  it('is tried again', async () => {
    const cut: Reply = { odd: (response) => response.destroy() }
    for (const reply of [{ status: 500 }, { status: 502 }, { status: 503 }, { status: 504 }, cut]) {
      const fake = await after(reply, reply, reply)
      const { github, waits } = lab.open(fake)
      assert.equal((await github.byTag(repository, 'b1')).tag, 'b1')
      assert.equal(waits.length, 3)
    }
  })

  it('ends in its own error', async () => {
    const down = await acme()
    down.behaviour.api = () => ({ status: 502, body: '<html><title>Bad gateway</title></html>' })
    await fails(lab.open(down).github.latest(repository), 'http-server-error', /\(502\): Bad gateway/)
    const busy = await after({ status: 503, headers: { 'Retry-After': '3000' } })
    const { github, waits } = lab.open(busy)
    const error = await fails(github.latest(repository), 'http-busy')
    assert.deepEqual([error.retryAfter, waits], [3000, []])
    const closed = await acme()
    await closed.api.close()
    await fails(lab.open(closed).github.latest(repository), 'connect-refused')
  })

  it('ends when the caller wants no more', async () => {
    const fake = await acme()
    const stop = new AbortController()
    fake.behaviour.api = () => ({ odd: () => stop.abort() })
    await fails(lab.open(fake).github.latest(repository, stop.signal), 'interrupted')
  })
})
