import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import { githubLab } from '../../../test/support/github-lab.ts'
import { fails } from '../../../test/support/source-lab.ts'
import { isNearHost } from '../near-host.ts'
import { findToken } from './find-token.ts'

const lab = githubLab()
const repository = 'acme/tool'
const secret = 'ghp_verysecret'

async function acme(): Promise<FakeGithub> {
  const fake = await lab.start()
  fake.publish(repository, { tag: 'v1', assets: { 'a.txt': 'text' } })
  return fake
}

const shown = ({ api }: FakeGithub): Array<string | undefined> => api.heard.map(({ headers }) => headers.authorization)

describe('the token', () => {
  it('goes to the API alone', async () => {
    const fake = await acme()
    const { github } = lab.open(fake, { env: { GITHUB_TOKEN: secret } })
    const { assets } = await github.latest(repository)
    await github.byTag(repository, 'v1')
    await github.list(repository)
    assert.equal(await github.text(assets[0] ?? assert.fail(), 100), 'text')
    assert.equal(await github.text(github.directUrl(repository, null, 'a.txt'), 100), 'text')
    assert.equal(await github.latestTagWithoutApi(repository), 'v1')
    assert.deepEqual(shown(fake), [`Bearer ${secret}`, `Bearer ${secret}`, `Bearer ${secret}`])
    assert.deepEqual(fake.leaks(), [])
    assert.ok(fake.download.heard.length >= 3 && fake.cdn.heard.length === 2)
  })

  it('never goes where the API redirects, though it be another port of the same host', async () => {
    const fake = await acme()
    fake.behaviour.api = () => ({ status: 302, headers: { Location: `${fake.download.origin}/repos/x` } })
    const { github } = lab.open(fake, { env: { GITHUB_TOKEN: secret } })
    await fails(github.latest(repository), 'redirect-refused')
    assert.deepEqual([fake.download.heard.length, fake.leaks()], [0, []])
  })

  it('that is refused is left out from then on, with one warning', async () => {
    const fake = await acme()
    fake.behaviour.badTokens.add(secret)
    const { github, warnings } = lab.open(fake, { env: { GITHUB_TOKEN: secret } })
    await Promise.all([github.latest(repository), github.latest(repository)])
    await github.byTag(repository, 'v1')
    assert.equal(shown(fake).at(-1), undefined)
    assert.equal(warnings.length, 1)
    assert.match(warnings.join(), /does not accept the token; it is asked without one\./)
    assert.ok(!warnings.join().includes(secret))
  })

  it('that is refused is no way in for what wants one', async () => {
    const fake = await acme()
    fake.behaviour.api = () => ({ status: 401, body: '{"message":"Requires authentication"}' })
    const { github } = lab.open(fake, { env: { GITHUB_TOKEN: secret } })
    const error = await fails(github.latest(repository), 'http-unauthorized', /Requires authentication/)
    assert.deepEqual(shown(fake), [`Bearer ${secret}`, undefined])
    assert.ok(!`${error.message} ${error.hint}`.includes(secret))
  })

  it('is not in the cache', async () => {
    const fake = await acme()
    const cacheDir = lab.folder()
    await lab.open(fake, { cacheDir, env: { GITHUB_TOKEN: secret } }).github.latest(repository)
    const files = readdirSync(join(cacheDir, 'api'))
    assert.equal(files.length, 1)
    for (const file of files)
      assert.ok(!`${file} ${readFileSync(join(cacheDir, 'api', file), 'utf8')}`.includes(secret))
  })
})

describe('the token of the environment', () => {
  const find = (env: Readonly<Record<string, string>>, api = 'https://api.github.com', insecure = false) =>
    findToken(env, { api: new URL(api), isPrivate: (url) => isNearHost(url), insecure })

  it('is the first of three', () => {
    const env = { GITHUB_TOKEN: 'c', GH_TOKEN: ' b ', SLUICE_GITHUB_TOKEN: 'a' }
    assert.equal(find(env).token, 'a')
    assert.equal(find({ ...env, SLUICE_GITHUB_TOKEN: ' ' }).token, 'b')
    assert.equal(find({ GITHUB_TOKEN: 'c' }).token, 'c')
    assert.deepEqual(find({}), { token: null, problems: [] })
  })

  it('is not sent where others could read it', () => {
    const env = { GH_TOKEN: secret }
    for (const near of [
      'http://127.0.0.1:80',
      'http://localhost',
      'http://[::1]',
      'http://10.1.2.3',
      'http://git.internal',
    ])
      assert.equal(find(env, near).token, secret, near)
    for (const far of ['http://api.github.com', 'http://8.8.8.8', 'http://mirror.test']) {
      const { problems, token } = find(env, far)
      assert.deepEqual([token, problems.length], [null, 1])
      assert.match(problems.join(), /^GH_TOKEN is not used: .* over http/)
    }
    assert.deepEqual([find(env, 'https://a.test', true).token, find(env, 'https://a.test').token], [null, secret])
  })

  it('with characters that no token has is not sent, and not shown', () => {
    for (const odd of ['a b', 'a\r\nX: y', 'ä', 'x'.repeat(1025)]) {
      const { problems, token } = find({ GITHUB_TOKEN: odd })
      assert.equal(token, null)
      assert.ok(problems.length === 1 && !problems.join().includes(odd))
    }
  })
})
