import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { recogniseChecksum } from './checksum.ts'
import { afterAdding, emptyForm, forOneFile, forOneLlama, forOneModel, forOneRelease } from './form.ts'
import type { OptionsForm } from './form.ts'
import { presetOf, withPreset, withSaved } from './preset-form.ts'
import { readForm } from './read-form.ts'

const now = Date.parse('2030-01-01T00:00:00Z')
const manyFiles = { ...forOneFile, isMany: true }
const read = (form: Partial<OptionsForm>, purpose = forOneFile) => readForm({ ...emptyForm, ...form }, purpose, now)
const md5 = '0'.repeat(32)
const sha256 = 'AB'.repeat(32)

describe('the options', () => {
  it('ask for nothing when nothing is typed', () => {
    assert.deepEqual(read({}), { request: {}, problems: {}, count: 0 })
  })

  it('become the fields of a request', () => {
    const form = {
      dir: ' isos ',
      filename: 'a.iso',
      priority: '9',
      checksum: `${sha256}\n${md5}  a.iso`,
      headers: 'X-One: 1\nUser-Agent: me\nReferer: https://r.test/',
      speedLimit: '600K',
      connections: '8',
      mirrors: 'https://m.test/a\nn.test/a',
      ifExists: 'skip',
      start: 'at',
      startAt: '2030-06-01T22:00',
      retries: '0',
    } as const
    const { request, problems, count } = read(form)
    assert.deepEqual(problems, {})
    assert.equal(count, 11)
    assert.deepEqual(request, {
      dir: 'isos',
      filename: 'a.iso',
      priority: 9,
      checksum: [`sha256:${sha256.toLowerCase()}`, `md5:${md5}`],
      headers: { 'X-One': '1' },
      userAgent: 'me',
      referer: 'https://r.test/',
      speedLimit: 614_400,
      connections: 8,
      mirrors: ['https://m.test/a', 'https://n.test/a'],
      ifExists: 'skip',
      startAt: new Date('2030-06-01T22:00').toISOString(),
      retries: 0,
    })
  })

  it('leave out for many files what belongs to one', () => {
    const { request, problems } = read({ filename: 'a/b', checksum: 'x', mirrors: 'y', priority: '1' }, manyFiles)
    assert.deepEqual({ request, problems }, { request: { priority: 1 }, problems: {} })
  })

  for (const [field, text, reason, detail] of [
    ['filename', 'a/b', 'path', ''],
    ['filename', '..', 'path', ''],
    ['priority', '11', 'range', '1–10'],
    ['priority', '1.5', 'range', '1–10'],
    ['connections', '0', 'range', '1–32'],
    ['retries', '-1', 'range', '0–100'],
    ['checksum', 'abc', 'checksum', ''],
    ['speedLimit', 'fast', 'rate', ''],
    ['mirrors', 'https://m.test/\nftp://m.test/', 'line', '2'],
    ['headers', 'X-One: 1\nnonsense', 'line', '2'],
  ] as const) {
    it(`name ${field} when it is "${text.replace('\n', ' ')}"`, () => {
      assert.deepEqual(read({ [field]: text }).problems, { [field]: { reason, detail } })
    })
  }

  it('of a model go with it, and nothing that only a link takes', () => {
    const form = {
      registry: ' http://127.0.0.1:5000 ',
      platform: 'linux/arm64',
      concurrency: '16',
      target: 'zip',
      keepStaging: 'yes',
      filename: 'a.zip',
      headers: 'X-One: 1',
      checksum: 'x',
      mirrors: 'y',
    } as const
    const { request, problems, count } = read(form, forOneModel)
    assert.deepEqual(problems, {})
    assert.equal(count, 6)
    assert.deepEqual(request, {
      filename: 'a.zip',
      model: {
        registry: 'http://127.0.0.1:5000',
        platform: 'linux/arm64',
        concurrency: 16,
        target: 'zip',
        keepStaging: true,
      },
    })
  })

  it('of a model are not sent with a link, nor a name for what goes into a store', () => {
    assert.deepEqual(read({ registry: 'nonsense', target: 'zip' }), { request: {}, problems: {}, count: 0 })
    assert.deepEqual(read({ filename: 'a' }, forOneModel).request, {})
    assert.deepEqual(read({ keepStaging: 'yes', target: 'layout' }, forOneModel).request, {
      model: { target: 'layout' },
    })
  })

  for (const [field, text, reason, detail] of [
    ['registry', 'https://user@host', 'registry', ''],
    ['registry', 'host/path', 'registry', ''],
    ['platform', 'linux', 'platform', ''],
    ['concurrency', '17', 'range', '1–16'],
  ] as const) {
    it(`name ${field} of a model when it is "${text}"`, () => {
      assert.deepEqual(read({ [field]: text }, forOneModel).problems, { [field]: { reason, detail } })
    })
  }

  it('of libraries are sent with libraries alone, which have a folder of their own', () => {
    const form = {
      targets: 'linux/amd64 windows/arm64',
      variant: 'cuda-12.8',
      strict: 'yes',
      dir: 'd',
      priority: '3',
    } as const
    const llama = { platforms: ['linux/amd64', 'windows/arm64'], variant: 'cuda-12.8', strict: true }
    assert.deepEqual(read(form, forOneLlama), { request: { priority: 3, llama }, problems: {}, count: 4 })
    assert.deepEqual(read(form).request, { priority: 3, dir: 'd' })
    assert.deepEqual(read({ variant: 'all' }, forOneLlama).request, { llama: { variant: 'all' } })
  })

  it('name what is wrong with platforms and variant', () => {
    const { problems } = read({ targets: 'none', variant: 'no variant' }, forOneLlama)
    assert.deepEqual(problems, {
      targets: { reason: 'targets', detail: '' },
      variant: { reason: 'variant', detail: '' },
    })
  })

  it('of a release are file, platform and what a link takes but for headers and mirrors', () => {
    const own = { asset: '*musl*', machine: 'macOS-arm64', checksum: md5, filename: 'a', dir: 'd' }
    const form = { ...own, headers: 'X-A: b', mirrors: 'https://m.test/a', target: 'zip', variant: 'cpu' } as const
    const request = { asset: '*musl*', platform: 'darwin/arm64', checksum: [`md5:${md5}`], filename: 'a', dir: 'd' }
    assert.deepEqual(read(form, forOneRelease), { request, problems: {}, count: 5 })
    const many = { ...forOneRelease, isMany: true }
    assert.deepEqual(read(form, many).request, { platform: 'darwin/arm64', dir: 'd' })
    assert.deepEqual(read({ asset: '/(/', machine: 'amiga' }, forOneRelease).problems, {
      asset: { reason: 'asset', detail: '' },
      machine: { reason: 'machine', detail: '' },
    })
    assert.equal(afterAdding({ ...emptyForm, asset: 'a' }).asset, '')
  })

  it('refuse headers that Sluice sets itself, without repeating a value', () => {
    const problem = read({ headers: 'Range: bytes=0-1' }).problems.headers
    assert.equal(problem?.reason, 'other')
    assert.doesNotMatch(problem?.detail ?? '', /bytes/)
  })

  it('refuse a start without a time and one in the past', () => {
    for (const startAt of ['', '2029-12-31T22:00'])
      assert.deepEqual(read({ start: 'at', startAt }).problems, { startAt: { reason: 'time', detail: '' } })
  })

  it('keep nothing of one file for the next, headers least of all', () => {
    const form = {
      ...emptyForm,
      dir: 'd',
      priority: '3',
      headers: 'Authorization: x',
      filename: 'a',
      start: 'at',
    } as const
    assert.deepEqual(afterAdding(form), { ...emptyForm, dir: 'd', priority: '3' })
  })
})

describe('a checksum', () => {
  it('is known by its length', () => {
    const lengths = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }
    for (const [algorithm, length] of Object.entries(lengths))
      assert.deepEqual(recogniseChecksum(` ${'F'.repeat(length)}\n`), { algorithm, hex: 'f'.repeat(length) })
  })

  it('may name its algorithm, or the file as sha256sum does', () => {
    assert.equal(recogniseChecksum(`SHA-256=${sha256}`)?.algorithm, 'sha256')
    assert.equal(recogniseChecksum(`${sha256} *dir/a file.iso`)?.hex, sha256.toLowerCase())
  })

  it('is none of another length, or with other digits', () => {
    for (const text of ['', 'abc', 'g'.repeat(64), `sha1:${md5}`]) assert.equal(recogniseChecksum(text), undefined)
  })
})

describe('presets', () => {
  const preset = { name: 'Slow', dir: 'd', priority: 2, speedLimit: 1000, userAgent: 'me' }

  it('fill the form and leave what they cannot hold', () => {
    const form = { ...emptyForm, filename: 'a', retries: '7', headers: 'User-Agent: old\nX-Key: 1' }
    const filled = withPreset(form, preset)
    assert.deepEqual(filled, {
      ...form,
      dir: 'd',
      priority: '2',
      speedLimit: '1000',
      retries: '',
      headers: 'X-Key: 1\nUser-Agent: me',
    })
    assert.deepEqual(presetOf('Slow', readForm(filled, forOneFile, now)), preset)
  })

  it('never hold other headers', () => {
    assert.deepEqual(presetOf('P', read({ headers: 'Authorization: secret' })), { name: 'P' })
  })

  it('take the place of the one of their name', () => {
    assert.deepEqual(withSaved([{ name: 'A' }, { name: 'B' }], { name: 'A', dir: 'x' }), [
      { name: 'A', dir: 'x' },
      { name: 'B' },
    ])
    assert.deepEqual(withSaved([], preset), [preset])
  })
})
