import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import type { FakeRelease } from '../../../test/support/fake-github-release.ts'
import { githubLab } from '../../../test/support/github-lab.ts'
import { fails } from '../../../test/support/source-lab.ts'
import type { ReleaseAsset } from '../../core/release.ts'
import type { GithubReleases } from './types.ts'

const lab = githubLab()
const repository = 'acme/tool'

async function withText(
  content: string | Buffer,
  told?: FakeRelease['told'],
): Promise<{ fake: FakeGithub; github: GithubReleases; asset: ReleaseAsset; waits: number[] }> {
  const fake = await lab.start()
  fake.publish(repository, { tag: 'v1', assets: { SHA256SUMS: content }, ...(told === undefined ? {} : { told }) })
  const { github, waits } = lab.open(fake)
  const [asset] = (await github.latest(repository)).assets
  return { fake, github, asset: asset ?? assert.fail(), waits }
}

describe('the text of an asset', () => {
  it('comes through the pages and the CDN, by the asset or by its address', async () => {
    const { fake, github, asset } = await withText('é\n')
    assert.equal(await github.text(asset, 3), 'é\n')
    assert.equal(await github.text(github.directUrl(repository, 'v1', 'SHA256SUMS'), 3), 'é\n')
    assert.equal(await github.text(github.directUrl(repository, null, 'SHA256SUMS'), 3), 'é\n')
    assert.deepEqual([fake.api.heard.length, fake.sent().length], [1, 3])
  })

  it('has the digest that the API tells, if need be the second time', async () => {
    const { fake, github, asset } = await withText('text')
    let turn = 0
    fake.behaviour.cdn = () => (turn++ === 0 ? { body: 'tExt' } : undefined)
    assert.equal(await github.text(asset, 100), 'text')
    fake.behaviour.corrupt.add('SHA256SUMS')
    fake.behaviour.cdn = () => undefined
    const error = await fails(
      github.text(asset, 100),
      'digest-mismatch',
      /has the SHA-256 [0-9a-f]{64}, expected was [0-9a-f]{64}/,
    )
    assert.deepEqual([error.exitCode, fake.sent().length], [5, 4])
  })

  it('has the size that the API tells, and no more than is read', async () => {
    const other = await withText('text', () => ({ digest: null, size: 5 }))
    await fails(other.github.text(other.asset, 100), 'size-mismatch')
    const { fake, github, asset } = await withText('12345')
    await fails(github.text(asset, 4), 'answer-too-large')
    assert.equal(fake.download.heard.length, 0)
    await fails(github.text(asset.url, 4), 'answer-too-large')
  })

  it('is not asked for with a malformed digest', async () => {
    const { fake, github, asset } = await withText('text', () => ({ digest: 'sha256:xyz' }))
    await fails(github.text(asset, 100), 'digest-mismatch', /"sha256:xyz"/)
    assert.equal(fake.download.heard.length, 0)
  })

  it('is text', async () => {
    const { github, asset } = await withText(Buffer.from([0xff, 0xfe, 0x80]))
    await fails(github.text(asset, 100), 'not-the-file', /is no text/)
  })

  it('that is not there is told', async () => {
    const { github } = await withText('text')
    const error = await fails(
      github.text(github.directUrl(repository, 'v1', 'none.txt'), 100),
      'asset-not-found',
      /no none\.txt/,
    )
    assert.deepEqual([error.exitCode, error.status], [9, 404])
  })

  it('is asked for anew from the beginning when a signed address has run out', async () => {
    const { fake, github, asset, waits } = await withText('text')
    fake.behaviour.signatureUses = 0
    const error = await fails(github.text(asset, 100), 'http-forbidden', /Signature not valid/)
    assert.deepEqual([error.status, fake.download.heard.length], [403, 4])
    let turn = 0
    fake.behaviour.signatureUses = 1
    fake.behaviour.cdn = () => (turn++ === 0 ? { status: 403 } : undefined)
    assert.equal(await github.text(asset, 100), 'text')
    assert.equal(waits.length, 4)
  })

  it('is no web page, whatever status it has', async () => {
    const { fake, github, asset } = await withText('text')
    let turn = 0
    fake.behaviour.cdn = () =>
      turn++ === 0 ? { headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: '<html>Unicorn' } : undefined
    assert.equal(await github.text(asset, 100), 'text')
    fake.behaviour.cdn = () => ({ body: '<!doctype html>' })
    await fails(github.text(asset, 100), 'not-the-file', /web page/)
  })

  it('is tried again after what may pass, and limits of the pages are told', async () => {
    const { fake, github, asset, waits } = await withText('text')
    const replies = [{ status: 502 }, { status: 503 }]
    fake.behaviour.cdn = () => replies.shift()
    assert.equal(await github.text(asset, 100), 'text')
    assert.equal(waits.length, 2)
    fake.behaviour.download = () => ({ status: 429 })
    await fails(github.text(asset, 100), 'rate-limited', /limits requests for now/)
  })

  it('is asked for nowhere else', async () => {
    const { fake, github, asset } = await withText('text')
    for (const url of ['https://evil.test/x', `${fake.cdn.origin}/acme/tool/v1/SHA256SUMS`, 'file:///etc/passwd', 'x'])
      await fails(github.text(url, 100), 'redirect-refused', /is not an address of GitHub/)
    await fails(github.text({ ...asset, url: `${fake.cdn.origin}/x` }, 100), 'redirect-refused')
    assert.equal(fake.cdn.heard.length, 0)
  })
})
