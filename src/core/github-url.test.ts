import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SluiceError } from './errors.ts'
import { apiUrl, assetUrl, checkRepository, checkTag, githubBases, isTag, ownUrl } from './github-url.ts'

const usual = githubBases({})
const mirror = githubBases({
  SLUICE_GITHUB_API: 'http://127.0.0.1:8001/gh/',
  SLUICE_GITHUB_DOWNLOAD: 'http://127.0.0.1:8002/dl//',
})

const isUsage = (words: RegExp) => (error: unknown) =>
  error instanceof SluiceError && error.code === 'usage' && words.test(error.message)

test('without variables it is GitHub itself', () => {
  assert.deepEqual(usual, { api: 'https://api.github.com', download: 'https://github.com', isMirror: false })
  assert.deepEqual(githubBases({ SLUICE_GITHUB_API: ' ', SLUICE_GITHUB_DOWNLOAD: '' }), usual)
})

test('paths in front are kept, slashes at the end are not', () => {
  assert.deepEqual(mirror, { api: 'http://127.0.0.1:8001/gh', download: 'http://127.0.0.1:8002/dl', isMirror: true })
  assert.equal(apiUrl(mirror, 'a/b', 'releases/latest').href, 'http://127.0.0.1:8001/gh/repos/a/b/releases/latest')
  assert.equal(assetUrl(mirror, 'a/b', 'v1', 'x.zip'), 'http://127.0.0.1:8002/dl/a/b/releases/download/v1/x.zip')
})

test('an Enterprise Server has its pages beside its API', () => {
  const bases = githubBases({ SLUICE_GITHUB_API: 'https://code.test/api/v3' })
  assert.deepEqual(bases, { api: 'https://code.test/api/v3', download: 'https://code.test', isMirror: false })
})

test('what is no plain address is named by its variable', () => {
  for (const bad of [
    'api.github.com',
    'ftp://a.test',
    'https://',
    'https://a.test/?x=1',
    'https://a.test/#x',
    'https://u:p@a.test',
    'https://a b',
    'https://a.test/?',
  ]) {
    assert.throws(() => githubBases({ SLUICE_GITHUB_API: bad }), isUsage(/^SLUICE_GITHUB_API /), bad)
    assert.throws(() => githubBases({ SLUICE_GITHUB_DOWNLOAD: bad }), isUsage(/^SLUICE_GITHUB_DOWNLOAD /), bad)
  }
  const secret = (): unknown => githubBases({ SLUICE_GITHUB_API: 'https://me:hunter2@a.test' })
  assert.throws(secret, (error) => error instanceof Error && !error.message.includes('hunter2'))
})

test('repositories are owner/name', () => {
  for (const good of ['ggml-org/llama.cpp', 'a/b', 'user_corp/.github', 'A-1/x_y-z'])
    assert.equal(checkRepository(good), good)
  for (const bad of [
    '',
    'a',
    'a/',
    '/b',
    'a/b/c',
    'a/..',
    'a/.',
    '-a/b',
    'a b/c',
    'a/b?',
    'a/b#',
    'a/%2e',
    '../b',
    `a/${'b'.repeat(101)}`,
    'ä/b',
  ])
    assert.throws(() => checkRepository(bad), isUsage(/is no repository/), bad)
})

test('tags are what git takes for one', () => {
  for (const good of ['b11429', 'v1.2.3', 'release/1.0', '@scope/pkg@1.0.0', 'v1+build', 'ünder', '1%2F2'])
    assert.equal(checkTag(good), good)
  for (const bad of [
    '',
    'a b',
    'a..b',
    '../a',
    'a/../b',
    '/a',
    'a/',
    'a//b',
    '.a',
    'a/.b',
    'a.',
    'a.lock',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a@{1}',
    'a\n',
    'a\u202eb',
    '\ud800',
    'x'.repeat(256),
  ])
    assert.throws(() => checkTag(bad), isUsage(/can be no tag/), JSON.stringify(bad))
  assert.equal(isTag('b1'), true)
})

test('addresses of assets are encoded, the latest release has its own', () => {
  const at = (tag: string | null, name: string): string => assetUrl(usual, 'o/r', tag, name)
  assert.equal(at('b1', 'a+b c#.zip'), 'https://github.com/o/r/releases/download/b1/a%2Bb%20c%23.zip')
  assert.equal(at('@s/p@1', 'x'), 'https://github.com/o/r/releases/download/%40s/p%401/x')
  assert.equal(at('1%2F2', '../x'), 'https://github.com/o/r/releases/download/1%252F2/..%2Fx')
  assert.equal(at(null, 'nightly-tag.txt'), 'https://github.com/o/r/releases/latest/download/nightly-tag.txt')
  for (const bad of ['', '.', '..', '\ud800']) assert.throws(() => at('b1', bad), isUsage(/no name of a file/), bad)
})

test('told addresses must be below the download base or at the API', () => {
  const file = 'https://github.com/o/r/releases/download/b1/x.zip'
  assert.equal(ownUrl(usual, file), file)
  assert.equal(
    ownUrl(usual, 'https://api.github.com/repos/o/r/releases/assets/1'),
    'https://api.github.com/repos/o/r/releases/assets/1',
  )
  for (const bad of [
    'http://github.com/o/r/x',
    'https://github.com:444/o',
    'https://github.com.evil.test/o',
    'https://user@github.com/o',
    'https://evil.test/o',
    'file:///etc/passwd',
    '/o/r/x',
    'https://github.com/o#x',
    'https://github.com\\@evil.test/',
    ' https://github.com/o',
    '',
  ])
    assert.equal(ownUrl(usual, bad), null, bad)
})

test('for a mirror the addresses of github.com are its own; no path leads out of it', () => {
  assert.equal(ownUrl(mirror, 'https://github.com/o/r/x?y=1'), 'http://127.0.0.1:8002/dl/o/r/x?y=1')
  assert.equal(ownUrl(mirror, 'http://127.0.0.1:8002/dl/o/r/x'), 'http://127.0.0.1:8002/dl/o/r/x')
  assert.equal(ownUrl(mirror, 'http://127.0.0.1:8002/other/x'), null)
  assert.equal(ownUrl(mirror, 'http://127.0.0.1:8002/dlx/x'), null)
  assert.equal(ownUrl(mirror, 'http://127.0.0.1:8002/dl/../x'), null)
  assert.equal(ownUrl(mirror, 'http://127.0.0.1:8001/elsewhere'), 'http://127.0.0.1:8001/elsewhere')
})
