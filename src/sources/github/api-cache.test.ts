import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { limited } from '../../../test/support/fake-github.ts'
import type { FakeGithub } from '../../../test/support/fake-github.ts'
import { githubLab } from '../../../test/support/github-lab.ts'
import { fails } from '../../../test/support/source-lab.ts'
import { openApiCache } from './api-cache.ts'

const lab = githubLab()
const repository = 'acme/tool'

async function acme(): Promise<FakeGithub> {
  const fake = await lab.start()
  fake.publish(repository, { tag: 'v1', assets: { 'a.txt': 'text' } })
  return fake
}

describe('a kept answer', () => {
  it('is used when the API says that nothing changed', async () => {
    const fake = await acme()
    const options = { cacheDir: lab.folder() }
    const first = await lab.open(fake, options).github.latest(repository)
    const { github, warnings } = lab.open(fake, options)
    const second = await github.latest(repository)
    assert.deepEqual(second, { ...first, fromCache: true })
    assert.match(fake.api.heard[1]?.headers['if-none-match'] ?? '', /^W\/"/)
    assert.deepEqual(warnings, [])
  })

  it('gives way to a new one', async () => {
    const fake = await acme()
    const { github } = lab.open(fake, { cacheDir: lab.folder() })
    await github.latest(repository)
    fake.publish(repository, { tag: 'v2', assets: {} })
    const { fromCache, tag } = await github.latest(repository)
    assert.deepEqual([tag, fromCache], ['v2', false])
    assert.equal((await github.latest(repository)).fromCache, true)
  })

  it('stands in, with a warning, where the API cannot be asked', async () => {
    const page = { headers: { 'Content-Type': 'text/html' }, body: '<html>' }
    for (const reply of [limited(), limited(60, 429), { status: 503 }, { status: 500 }, page]) {
      const fake = await acme()
      const options = { cacheDir: lab.folder() }
      await lab.open(fake, options).github.list(repository)
      fake.behaviour.api = () => reply
      const { github, waits, warnings } = lab.open(fake, options)
      const [release] = await github.list(repository)
      assert.deepEqual([release?.tag, release?.fromCache, warnings.length], ['v1', true, 1])
      assert.match(warnings.join(), /What it said on \d{4}-\d\d-\d\d about the releases of acme\/tool is used\./)
      assert.ok(waits.length <= 1)
    }
  })

  it('stands in without a network', async () => {
    const fake = await acme()
    const options = { cacheDir: lab.folder() }
    await lab.open(fake, options).github.byTag(repository, 'v1')
    await fake.close()
    const { github, warnings } = lab.open(fake, options)
    const { assets, fromCache } = await github.byTag(repository, 'v1')
    assert.deepEqual([fromCache, assets.length, warnings.length], [true, 1, 1])
    await fails(github.latest(repository), 'connect-refused')
  })

  it('does not stand in for a release that is gone, or for one that is refused', async () => {
    const fake = await acme()
    const { github } = lab.open(fake, { cacheDir: lab.folder() })
    await github.latest(repository)
    fake.behaviour.api = () => ({ status: 404 })
    await fails(github.latest(repository), 'release-not-found')
    fake.behaviour.api = () => ({ status: 403 })
    await fails(github.latest(repository), 'http-forbidden')
  })

  it('is only for whoever asked', async () => {
    const fake = await acme()
    const cacheDir = lab.folder()
    await lab.open(fake, { cacheDir, env: { GITHUB_TOKEN: 'one' } }).github.latest(repository)
    fake.behaviour.api = () => limited()
    for (const env of [{}, { GITHUB_TOKEN: 'two' }])
      await fails(lab.open(fake, { cacheDir, env }).github.latest(repository), 'rate-limited')
    assert.equal((await lab.open(fake, { cacheDir, env: { GITHUB_TOKEN: 'one' } }).github.latest(repository)).tag, 'v1')
  })

  it('that is damaged is none', async () => {
    const fake = await acme()
    const cacheDir = lab.folder()
    const { github } = lab.open(fake, { cacheDir })
    await github.latest(repository)
    const file = join(cacheDir, 'api', readdirSync(join(cacheDir, 'api'))[0] ?? assert.fail())
    const good = readFileSync(file, 'utf8')
    const evil = JSON.stringify({ ...(JSON.parse(good) as object), body: '{"tag_name":"../../x","assets":[]}' })
    for (const text of [
      '',
      '{',
      'null',
      good.slice(0, -9),
      good.replace('"version":1', '"version":2'),
      good.replace(/"key":"../, '"key":"zz'),
      evil,
    ]) {
      writeFileSync(file, text)
      assert.equal((await github.latest(repository)).fromCache, false, text.slice(0, 40))
      assert.equal(fake.api.heard.at(-1)?.headers['if-none-match'], undefined)
      assert.equal(readFileSync(file, 'utf8').length, good.length)
    }
  })

  it('is not kept where a file system takes no folders, which is told', async () => {
    const fake = await acme()
    const { github, warnings } = lab.open(fake, { cacheDir: '/proc/none/below' })
    assert.equal((await github.latest(repository)).tag, 'v1')
    assert.match(warnings.join(), /could not be kept: /)
  })

  it('that cannot be written is told, and does no harm', async () => {
    const fake = await acme()
    const cacheDir = lab.folder()
    writeFileSync(join(cacheDir, 'api'), 'a file')
    const { github, warnings } = lab.open(fake, { cacheDir })
    assert.equal((await github.latest(repository)).tag, 'v1')
    assert.match(warnings.join(), /could not be kept: /)
  })

  it('of a bad release is none', async () => {
    const fake = await acme()
    const cacheDir = lab.folder()
    fake.publish(repository, { tag: 'v1', assets: { 'a.txt': 'x' }, told: () => ({ size: -1 }) })
    const { github } = lab.open(fake, { cacheDir })
    await fails(github.latest(repository), 'bad-manifest')
    await fails(github.latest(repository), 'bad-manifest')
    assert.equal(fake.api.heard[1]?.headers['if-none-match'], undefined)
  })
})

describe('the cache', () => {
  const answer = (savedAt: number) => ({ etag: '"e"', link: null, body: '{}', savedAt })
  const url = (n: number): URL => new URL(`https://api.github.com/${n}`)

  it('keeps the 200 that were used last', async () => {
    const dir = lab.folder()
    const cache = openApiCache(dir)
    for (let n = 0; n < 203; n++) assert.equal(await cache.write(url(n), null, answer(1e12 + n * 1000)), null)
    assert.equal(readdirSync(join(dir, 'api')).length, 200)
    assert.deepEqual(await Promise.all([2, 3, 202].map(async (n) => (await cache.read(url(n), null)) !== null)), [
      false,
      true,
      true,
    ])
  })

  it('keeps 64 MiB', async () => {
    const dir = lab.folder()
    const cache = openApiCache(dir)
    const body = 'x'.repeat(15 * 1024 * 1024)
    for (let n = 0; n < 6; n++) await cache.write(url(n), null, { ...answer(1e12 + n * 1000), body })
    assert.equal(readdirSync(join(dir, 'api')).length, 4)
    assert.equal((await cache.read(url(5), null))?.body.length, body.length)
  })

  it('is private to its user and removes what others left unfinished', async () => {
    const dir = lab.folder()
    const folder = join(dir, 'api')
    mkdirSync(folder)
    const old = join(folder, `.${'a'.repeat(40)}.1.00`)
    const young = join(folder, `.${'b'.repeat(40)}.1.00`)
    for (const file of [old, young, join(folder, 'mine.txt')]) writeFileSync(file, 'x')
    utimesSync(old, 1e9, 1e9)
    await openApiCache(dir).write(url(1), null, answer(Date.now()))
    const left = readdirSync(folder).sort()
    assert.equal(left.length, 3)
    assert.ok(left.includes('mine.txt') && left.includes(`.${'b'.repeat(40)}.1.00`))
    const kept = left.find((name) => name.endsWith('.json')) ?? assert.fail()
    assert.equal(statSync(join(folder, kept)).mode & 0o777, 0o600)
  })
})
