import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseReleaseReference } from './find-asset.ts'

describe('the name of a release', () => {
  it('is a repository, with a tag or without, or the address of its page', () => {
    const cases: Array<[string, string, string | null]> = [
      ['cli/cli', 'cli/cli', null],
      ['cli/cli@v2.1.0', 'cli/cli', 'v2.1.0'],
      ['owner/repo@latest', 'owner/repo', null],
      ['owner/repo.js@release/1', 'owner/repo.js', 'release/1'],
      ['https://github.com/owner/repo', 'owner/repo', null],
      ['https://github.com/owner/repo.git', 'owner/repo', null],
      ['https://github.com/owner/repo/releases', 'owner/repo', null],
      ['https://github.com/owner/repo/releases/latest', 'owner/repo', null],
      ['https://github.com/owner/repo/releases/tag/v1%2B2', 'owner/repo', 'v1+2'],
      ['github:owner/repo@v1', 'owner/repo', 'v1'],
    ]
    for (const [text, repository, tag] of cases)
      assert.deepEqual(parseReleaseReference(text), { repository, tag }, text)
  })

  it('is nothing else', () => {
    for (const text of ['', 'repo', 'a/b/c', '../b', 'a/..', 'a/b@', 'a/b@..', 'a b/c', 'https://host.test/a/b'])
      assert.throws(() => parseReleaseReference(text), { code: 'usage' }, text)
  })
})
