import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from './errors.ts'
import { assetSha256 } from './github-digest.ts'
import { readRelease, readReleases } from './github-release.ts'
import { githubBases } from './github-url.ts'

const context = { bases: githubBases({}), repository: 'ggerganov/llama.cpp', fromCache: false }
const hex = 'ab'.repeat(32)
const asset = (change: object = {}) => ({
  name: 'llama-b1-bin-ubuntu-x64.tar.gz',
  size: 7,
  state: 'uploaded',
  digest: `sha256:${hex}`,
  browser_download_url: 'https://github.com/ggml-org/llama.cpp/releases/download/b1/llama-b1-bin-ubuntu-x64.tar.gz',
  ...change,
})
const release = (change: object = {}) => ({
  tag_name: 'b1',
  name: 'b1',
  draft: false,
  prerelease: true,
  published_at: '2026-10-01T12:00:00Z',
  html_url: 'https://github.com/ggml-org/llama.cpp/releases/tag/b1',
  assets: [asset()],
  ...change,
})

function refused(json: unknown, words: RegExp): void {
  const isBad = (error: unknown): boolean =>
    error instanceof SluiceError && error.code === 'bad-manifest' && words.test(error.message)
  assert.throws(() => readRelease(json, context), isBad, JSON.stringify(json))
}

describe('a release', () => {
  it('is read with its assets, under the name that its repository has now', () => {
    assert.deepEqual(readRelease(release(), context), {
      repository: 'ggml-org/llama.cpp',
      tag: 'b1',
      name: 'b1',
      prerelease: true,
      publishedAt: '2026-10-01T12:00:00Z',
      assets: [
        {
          name: 'llama-b1-bin-ubuntu-x64.tar.gz',
          size: 7,
          sha256: hex,
          url: asset().browser_download_url,
          uploaded: true,
        },
      ],
      fromCache: false,
    })
  })

  it('needs no name, page or date', () => {
    const bare = readRelease({ tag_name: 'b1', assets: [] }, context)
    assert.deepEqual([bare?.name, bare?.publishedAt, bare?.repository], ['b1', null, 'ggerganov/llama.cpp'])
    const odd = release({
      name: ' \u001b[2J\u202ehello\nthere ',
      published_at: 'yesterday',
      html_url: 'https://evil.test/a/b/releases/tag/b1',
    })
    const read = readRelease(odd, context)
    assert.deepEqual(
      [read?.name, read?.publishedAt, read?.repository],
      ['[2J hello there', null, 'ggerganov/llama.cpp'],
    )
  })

  it('that is a draft is none', () => {
    assert.equal(readRelease(release({ draft: true }), context), null)
    assert.deepEqual(
      readReleases([release({ draft: true }), release()], context).map(({ tag }) => tag),
      ['b1'],
    )
  })

  it('is refused when it is none', () => {
    for (const json of [null, [], 'b1', 7]) refused(json, /is no release/)
    for (const tag of [undefined, 7, '', '../b1', 'a b', 'a\u0000'])
      refused(release({ tag_name: tag }), /no usable tag/)
    for (const assets of [undefined, {}, Array(1001).fill(asset())])
      refused(release({ assets }), /no usable list of assets/)
    refused(release({ assets: [asset(), asset()] }), /two assets of one name/)
    assert.throws(() => readReleases({ message: 'x' }, context), /is no list of releases/)
  })
})

describe('an asset', () => {
  const one = (change: object) => readRelease(release({ assets: [asset(change)] }), context)?.assets[0]

  it('is refused with a name that is no file name', () => {
    for (const name of [
      7,
      '',
      '.',
      '..',
      '...',
      'a/b',
      'a\\b',
      '../a',
      'a\u0000',
      'a:b',
      'a\u202eb',
      ' a',
      'a ',
      '\ud800',
      'é'.repeat(128),
    ])
      refused(release({ assets: [asset({ name })] }), /name is no file name/)
    assert.equal(one({ name: '.a b(1)+é.zip' })?.name, '.a b(1)+é.zip')
  })

  it('is refused with a size that is none', () => {
    for (const size of [undefined, null, '7', -1, 1.5, 2 ** 53, Number.NaN])
      refused(release({ assets: [asset({ size })] }), /tells no size/)
    assert.equal(one({ size: 0 })?.size, 0)
  })

  it('is refused at an address that is not that of GitHub', () => {
    for (const url of [undefined, 7, 'https://evil.test/x', 'http://github.com/x'])
      refused(release({ assets: [asset({ browser_download_url: url })] }), /is not below https:\/\/github\.com/)
  })

  it('that is still on its way says so; servers without states have none', () => {
    assert.equal(one({ state: 'starter' })?.uploaded, false)
    assert.equal(one({ state: null })?.uploaded, false)
    assert.equal(one({ state: undefined })?.uploaded, true)
  })

  it('may have no digest', () => {
    for (const digest of [null, undefined]) assert.equal(assetSha256(one({ digest }) ?? assert.fail()), null)
    assert.equal(assetSha256(one({ digest: `SHA256:${hex.toUpperCase()}` }) ?? assert.fail()), hex)
  })

  it('with a malformed digest fails alone, and only when it is chosen', () => {
    for (const digest of ['', 'sha256:xyz', `sha512:${hex}`, hex, `sha256:${hex}0`, ` sha256:${hex}`, 7, {}, []]) {
      const other = asset({ name: 'other.zip' })
      const [bad, good] = readRelease(release({ assets: [asset({ digest }), other] }), context)?.assets ?? []
      assert.equal(assetSha256(good ?? assert.fail()), hex)
      const isMismatch = (error: unknown): boolean =>
        error instanceof SluiceError && error.code === 'digest-mismatch' && /no SHA-256/.test(error.message)
      assert.throws(() => assetSha256(bad ?? assert.fail()), isMismatch, JSON.stringify(digest))
      assert.equal(bad?.sha256, null)
    }
  })
})
