import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { looksLikeRelease, parseReleaseReference, readAssetUrl, releasePage, showRelease } from './release-reference.ts'

describe('the name of a release', () => {
  it('is a repository, with a tag or without, or the address of its page', () => {
    const cases: Array<[string, string, string | null]> = [
      ['cli/cli', 'cli/cli', null],
      [' cli/cli\n', 'cli/cli', null],
      ['cli/cli@v2.1.0', 'cli/cli', 'v2.1.0'],
      ['owner/repo@latest', 'owner/repo', null],
      ['owner/repo.js@release/1', 'owner/repo.js', 'release/1'],
      ['owner/repo@@scope/package@1.0.0', 'owner/repo', '@scope/package@1.0.0'],
      ['owner/repo@v1#2', 'owner/repo', 'v1#2'],
      ['https://github.com/owner/repo', 'owner/repo', null],
      ['http://www.github.com/owner/repo/', 'owner/repo', null],
      ['github.com/owner/repo', 'owner/repo', null],
      ['https://github.com/owner/repo.git', 'owner/repo', null],
      ['https://github.com/owner/repo/releases', 'owner/repo', null],
      ['https://github.com/owner/repo/releases?page=2#assets', 'owner/repo', null],
      ['https://github.com/owner/repo/releases/latest', 'owner/repo', null],
      ['https://github.com/owner/repo/releases/tag/v1%2B2', 'owner/repo', 'v1+2'],
      ['https://github.com/owner/repo/releases/tag/v1#assets', 'owner/repo', 'v1'],
      ['github:owner/repo@v1', 'owner/repo', 'v1'],
    ]
    for (const [text, repository, tag] of cases) {
      assert.deepEqual(parseReleaseReference(text), { repository, tag }, text)
      assert.deepEqual(parseReleaseReference(showRelease({ repository, tag })), { repository, tag })
    }
  })

  it('is nothing else', () => {
    const other = ['', 'repo', 'a/b/c', '../b', 'a/..', 'a/b@', 'a/b@..', 'a b/c', 'a/b@v 1', 'a/b@v1\n2']
    const addresses = ['https://host.test/a/b', 'https://github.com/a/b/archive/main.zip', 'https://github.com/a']
    const files = ['https://github.com/a/b/releases/download/v1/c.zip', 'https://user@github.com/a/b']
    for (const text of [...other, ...addresses, ...files]) {
      assert.throws(() => parseReleaseReference(text), { code: 'usage' }, text)
      assert.equal(looksLikeRelease(text), false, text)
    }
  })

  it('is told from hosts and from texts that could be anything', () => {
    for (const text of ['cli/cli', 'cli/cli@v2', 'a/b.js', 'github:a/b', 'https://github.com/a/b/releases/tag/v1'])
      assert.equal(looksLikeRelease(text), true, text)
    for (const text of [
      'localhost/file',
      'localhost:80/file',
      'example.org/file',
      '127.0.0.1/a',
      'a/b:latest',
      'a',
      '/a/b',
    ])
      assert.equal(looksLikeRelease(text), false, text)
  })
})

describe('addresses of releases', () => {
  it('lead to the page for people', () => {
    const pages = 'https://github.com'
    assert.equal(releasePage(pages, { repository: 'a/b', tag: null }), `${pages}/a/b/releases/latest`)
    assert.equal(releasePage(pages, { repository: 'a/b', tag: 'x/v1+2' }), `${pages}/a/b/releases/tag/x/v1%2B2`)
  })

  it('of a file tell release and name', () => {
    const file = { reference: { repository: 'a/b', tag: 'x/v1+2' }, asset: 'c [1].zip' }
    assert.deepEqual(readAssetUrl('https://mirror.test/github/a/b/releases/download/x/v1%2B2/c%20%5B1%5D.zip'), file)
    for (const other of ['https://github.com/a/b/releases/tag/v1', 'https://h.test/f.zip', 'no address', ''])
      assert.equal(readAssetUrl(other), null, other)
  })
})
