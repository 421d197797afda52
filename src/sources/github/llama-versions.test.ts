import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limited } from '../../../test/support/fake-github.ts'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import { githubLab } from '../../../test/support/github-lab.ts'
import { fails } from '../../../test/support/source-lab.ts'
import { parseLlamaVersion } from '../../core/llama-version.ts'
import type { Release } from '../../core/release.ts'
import type { GithubReleases } from './types.ts'
import { llamaRepository, resolveLlamaVersion } from './llama-versions.ts'
import type { ResolvedLlama } from './llama-versions.ts'

const lab = githubLab()
const archive = (tag: string): string => `llama-${tag}-bin-ubuntu-x64.tar.gz`
const isComplete = ({ assets, tag }: Release): boolean =>
  assets.some(({ name, uploaded }) => uploaded && name === archive(tag))

interface Made {
  readonly fake: FakeGithub
  build(tag: string, complete?: boolean): void
  pointer(tag: string, to: string): void
}

async function llama(): Promise<Made> {
  const fake = await lab.start()
  return {
    fake,
    build: (tag, complete = true) =>
      fake.publish(llamaRepository, {
        tag,
        assets: { 'llama-ui.tar.gz': 'ui', ...(complete ? { [archive(tag)]: tag } : {}) },
      }),
    pointer: (tag, to) => fake.publish(llamaRepository, { tag, assets: { 'nightly-tag.txt': to } }),
  }
}

/** As it is today: v0.6.0 points to b11429, then came an incomplete build. */
async function today(): Promise<Made> {
  const made = await llama()
  made.build('b11428')
  made.build('b11429')
  made.pointer('v0.6.0', 'b11429\n')
  made.build('b11430')
  made.build('b11431', false)
  return made
}

const ask = (github: GithubReleases, version: string): Promise<ResolvedLlama> =>
  resolveLlamaVersion(github, parseLlamaVersion(version), isComplete)

async function resolved(
  { fake }: Made,
  version: string,
): Promise<[tag: string, release: string | undefined, why: string]> {
  const { apiError, release, requested, tag, why } = await ask(lab.open(fake).github, version)
  assert.deepEqual([apiError, requested], [null, parseLlamaVersion(version)])
  return [tag, release?.tag, why.join(' ')]
}

describe('latest', () => {
  it('follows the pointer of the latest release', async () => {
    const made = await today()
    assert.deepEqual(await resolved(made, 'latest'), [
      'b11429',
      'b11429',
      'The latest release is v0.6.0. v0.6.0 points to b11429.',
    ])
    assert.deepEqual(made.fake.sent(), ['nightly-tag.txt'])
  })

  it('is a build itself, as it was before', async () => {
    const made = await llama()
    made.fake.publish(llamaRepository, { tag: 'b7000', prerelease: false, assets: { [archive('b7000')]: 'x' } })
    assert.deepEqual(await resolved(made, 'latest'), ['b7000', 'b7000', 'The latest release is b7000.'])
    made.fake.publish(llamaRepository, { tag: 'b7001', prerelease: false, assets: {} })
    const [tag, , why] = await resolved(made, 'latest')
    assert.deepEqual(
      [tag, why],
      ['b7000', 'The latest release is b7001. b7001 lacks what is wanted, so the older b7000 is taken.'],
    )
  })

  it('walks back from an incomplete build, never on to newer ones', async () => {
    const made = await today()
    made.pointer('v0.7.0', 'b11431')
    made.build('b11432')
    const [tag, , why] = await resolved(made, 'latest')
    assert.equal(tag, 'b11430')
    assert.match(why, /b11431 lacks what is wanted, so the older b11430 is taken\.$/)
  })

  it('walks back by numbers where the list does not reach so far', async () => {
    const made = await llama()
    made.build('b90')
    made.build('b95', false)
    made.build('b99', false)
    made.pointer('v0.1.0', 'b99')
    // The last of the 30 releases that are listed is the one that is pointed to.
    for (let n = 200; n < 228; n++) made.build(`b${n}`)
    assert.equal((await resolved(made, 'latest'))[0], 'b90')
    for (let n = 228; n < 235; n++) made.build(`b${n}`)
    assert.equal((await resolved(made, 'latest'))[0], 'b90')
  })

  it('that no older build can replace is given as it is', async () => {
    const made = await llama()
    made.build('b5', false)
    made.pointer('v0.1.0', 'b5')
    const [tag, release, why] = await resolved(made, 'latest')
    assert.deepEqual([tag, release], ['b5', 'b5'])
    assert.match(why, /None of the \d+ builds that were looked at has what is wanted\.$/)
  })

  it('without a pointer is given as it is', async () => {
    const made = await llama()
    made.fake.publish(llamaRepository, { tag: 'v0.1.0', assets: { 'notes.txt': 'x' } })
    assert.equal((await resolved(made, 'latest'))[0], 'v0.1.0')
  })

  it('is refused with a pointer that is none, or not what its digest says', async () => {
    for (const text of ['', 'v1.2.3', '../b1', 'b1\nb2', 'b1'.padStart(2000), '<html>']) {
      const made = await today()
      made.pointer('v0.7.0', text)
      const code = text.length > 1024 ? 'answer-too-large' : 'not-the-file'
      await fails(ask(lab.open(made.fake).github, 'latest'), code)
    }
    const made = await today()
    made.fake.behaviour.corrupt.add('nightly-tag.txt')
    await fails(ask(lab.open(made.fake).github, 'latest'), 'digest-mismatch')
  })

  it('is an error where it points to a build that is not there', async () => {
    const made = await today()
    made.pointer('v0.7.0', 'b99999')
    await fails(ask(lab.open(made.fake).github, 'latest'), 'release-not-found', /no release b99999/)
  })
})

describe('nightly', () => {
  it('is the newest complete build, and says what it passed over', async () => {
    const made = await today()
    const [tag, , why] = await resolved(made, 'nightly')
    assert.equal(tag, 'b11430')
    assert.equal(why, 'The newest build is b11431. b11431 lacks what is wanted, so the older b11430 is taken.')
    assert.equal(made.fake.api.heard.length, 1)
  })

  it('goes by numbers, not by the order of the list; other tags are none', async () => {
    const made = await llama()
    for (const tag of ['b12', 'b9', 'b11']) made.build(tag)
    for (const tag of ['master-b99', 'b99-fix', 'b099'])
      made.fake.publish(llamaRepository, { tag, assets: { [archive(tag)]: 'x' } })
    assert.equal((await resolved(made, 'nightly'))[0], 'b12')
  })

  it('looks at 30 releases', async () => {
    const made = await llama()
    made.build('b100')
    for (let n = 101; n < 130; n++) made.build(`b${n}`, false)
    assert.equal((await resolved(made, 'nightly'))[0], 'b100')
    assert.equal(made.fake.api.heard.length, 3)
    made.build('b130', false)
    const [tag, , why] = await resolved(made, 'nightly')
    assert.deepEqual([tag, /None of the 30 builds/.test(why)], ['b130', true])
  })

  it('is an error without any build', async () => {
    const made = await llama()
    made.pointer('v0.1.0', 'b1')
    await fails(ask(lab.open(made.fake).github, 'nightly'), 'release-not-found', /no build/)
  })

  it('cannot be told while the limit is used up', async () => {
    const made = await today()
    made.fake.behaviour.api = () => limited()
    await fails(ask(lab.open(made.fake).github, 'nightly'), 'rate-limited')
  })
})

describe('an exact version', () => {
  it('is that build, complete or not', async () => {
    const made = await today()
    assert.deepEqual(await resolved(made, 'b11428'), ['b11428', 'b11428', ''])
    assert.deepEqual(await resolved(made, 'b11431'), ['b11431', 'b11431', ''])
    await fails(ask(lab.open(made.fake).github, 'b99999'), 'release-not-found')
  })

  it('vX.Y.Z is the build that it points to, complete or not', async () => {
    const made = await today()
    made.pointer('v0.7.0', 'b11431')
    assert.deepEqual(await resolved(made, 'v0.6.0'), ['b11429', 'b11429', 'v0.6.0 points to b11429.'])
    assert.deepEqual(await resolved(made, 'v0.7.0'), ['b11431', 'b11431', 'v0.7.0 points to b11431.'])
    await fails(ask(lab.open(made.fake).github, 'v9.9.9'), 'release-not-found')
  })
})

describe('while the limit is used up', () => {
  async function without(version: string, change: (made: Made) => void = () => undefined): Promise<ResolvedLlama> {
    const made = await today()
    change(made)
    made.fake.behaviour.api = () => limited()
    const found = await ask(lab.open(made.fake).github, version)
    assert.deepEqual([found.release, found.apiError?.code], [null, 'rate-limited'])
    return found
  }

  it('tags are found by the pages', async () => {
    const latest = await without('latest')
    assert.equal(latest.tag, 'b11429')
    assert.match(latest.why.join(' '), /^The latest release points to b11429\. The rate limit of .* is used up\.$/)
    assert.equal((await without('v0.6.0')).tag, 'b11429')
    assert.equal((await without('b11428')).tag, 'b11428')
    const old = (made: Made): void =>
      made.fake.publish(llamaRepository, { tag: 'b11440', prerelease: false, assets: { [archive('b11440')]: 'x' } })
    assert.equal((await without('latest', old)).tag, 'b11440')
  })

  it('what the pages do not have is told as the limit', async () => {
    await fails(without('v9.9.9'), 'rate-limited')
    const odd = (made: Made): void => made.fake.publish(llamaRepository, { tag: 'v1.0.0', assets: {} })
    await fails(without('latest', odd), 'rate-limited')
  })

  it('answers that are kept do as well', async () => {
    const made = await today()
    const options = { cacheDir: lab.folder() }
    await ask(lab.open(made.fake, options).github, 'latest')
    made.fake.behaviour.api = () => limited()
    const { release, tag } = await ask(lab.open(made.fake, options).github, 'latest')
    assert.deepEqual([tag, release?.fromCache], ['b11429', true])
  })

  it('other failures of the API end it: digests are not given up for them', async () => {
    const made = await today()
    made.fake.behaviour.api = () => ({ status: 500 })
    for (const version of ['latest', 'b11429', 'v0.6.0'])
      await fails(ask(lab.open(made.fake).github, version), 'http-server-error')
  })
})
