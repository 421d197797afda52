import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bodySize } from '../faults/answer.ts'
import { htmlPage } from '../faults/catalogue/lies.ts'
import { DOCKER_MANIFEST, largestBlob, ollamaModel } from '../support/model-fixture.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import type { Faults } from '../support/registry-faults.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'

const model = ollamaModel()
const blob = largestBlob(model)
const half = Math.ceil(blob.size / 2)

/** Asks for the largest blob as often as there are ranges ('' for none): status, Content-Range and how the body was. */
async function ask(faults: Faults, ...ranges: string[]): Promise<string[]> {
  await using registry = await startFaultyRegistry([model], faults)
  const seen: string[] = []
  for (const range of ranges) {
    const headers = range === '' ? {} : { range }
    const answer = await fetch(`${registry.url}/v2/${model.repository}/blobs/${blob.digest}`, { headers })
    const [start = 0] = (range.match(/\d+/) ?? ['0']).map(Number)
    const right = answer.status === 200 ? blob.content.read(0, blob.size) : blob.content.read(start, blob.size)
    const body = await answer.bytes().then(
      (bytes) => (Buffer.compare(bytes, right) === 0 ? 'right' : `${bytes.length}`),
      () => 'broken',
    )
    seen.push([answer.status, answer.headers.get('content-range'), body].filter((part) => part !== null).join(' '))
  }
  return seen
}

const from = 'bytes=250000-'
const rest = 'bytes 250000-299999/300000'

for (const way of ['direct', 'same-host', 'other-host', 'two-hops'] as const)
  for (const redirect of [302, 307] as const)
    test(`an honest one gives blobs and ranges (${way}, ${redirect})`, async () => {
      assert.deepEqual(await ask({ way, redirect }, '', from), ['200 right', `206 ${rest} right`])
    })

test('each lie about ranges is told as described', async () => {
  assert.deepEqual(await ask({ ranges: 'ignored' }, from, from, from), ['200 right', '200 right', '200 right'])
  assert.deepEqual(await ask({ ranges: 'ignored-once' }, from, from, from), [
    '200 right',
    '200 right',
    `206 ${rest} right`,
  ])
  assert.deepEqual(await ask({ ranges: 'wrong-content-range' }, '', from), [
    '200 right',
    '206 bytes 249999-299998/300000 right',
  ])
  assert.deepEqual(await ask({ ranges: 'no-length' }, '', from), ['200 right', '206 bytes 250000-299999/* right'])
  assert.deepEqual(await ask({ ranges: 'lying-416' }, from, '', from, from), [
    '416 bytes */300000 broken',
    '200 right',
    '416 bytes */300000 broken',
    `206 ${rest} right`,
  ])
})

test('each trouble comes as described', async () => {
  for (const trouble of ['reset', 'short-body'] as const)
    assert.deepEqual(await ask({ trouble }, '', from, from), ['200 broken', `206 ${rest} broken`, `206 ${rest} right`])
  assert.deepEqual(await ask({ trouble: 'busy' }, '', ''), ['429 8', '200 right'])
  assert.deepEqual(await ask({ trouble: 'portal' }, '', ''), [`200 ${bodySize(htmlPage().body)}`, '200 right'])
  assert.deepEqual(await ask({ trouble: 'flipped-byte' }, from, '', ''), [
    `206 ${rest} right`,
    '200 300000',
    '200 right',
  ])
  const begun = performance.now()
  assert.deepEqual(await ask({ trouble: 'slow-tail', rate: 8_000_000 }, '', ''), ['200 right', '200 right'])
  assert.ok(performance.now() - begun > 250)
})

test('a stalled body stays open and silent', async () => {
  await using registry = await startFaultyRegistry([model], { trouble: 'stall' })
  const url = `${registry.url}/v2/${model.repository}/blobs/${blob.digest}`
  const controller = new AbortController()
  const { body } = await fetch(url, { signal: controller.signal })
  let came = 0
  const reading = (async () => {
    for await (const bytes of body ?? []) {
      came += bytes.length
      if (came === half) controller.abort()
    }
  })()
  await assert.rejects(reading, { name: 'AbortError' })
  assert.equal(came, half)
})

test('addresses expire in the middle, and new ones hold', async () => {
  await using registry = await startFaultyRegistry([model], { way: 'other-host', trouble: 'expired' })
  const url = `${registry.url}/v2/${model.repository}/blobs/${blob.digest}`
  const locate = async (): Promise<string> => (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
  const first = await locate()
  assert.match(first, /^http:\/\/localhost:/)
  await assert.rejects((await fetch(first)).bytes())
  assert.equal((await fetch(first)).status, 403)
  assert.equal((await fetch(await locate(), { headers: { range: from } })).status, 206)
  assert.equal((await fetch(first, { headers: { authorization: 'Bearer x' } })).status, 400)
})

test('tokens are wanted, revoked in the middle, and new ones taken', async () => {
  await using issuer = await startTokenIssuer()
  await using registry = await startFaultyRegistry([model], { auth: issuer, revokes: true })
  const url = `${registry.url}/v2/${model.repository}`
  const status = async (path: string, token?: string): Promise<number> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await fetch(url + path, { headers: { accept: DOCKER_MANIFEST, ...authorization } })
    await answer.bytes()
    return answer.status
  }
  const token = issuer.token(`repository:${model.repository}:pull`)
  assert.deepEqual([await status('/manifests/latest'), await status('/manifests/latest', token)], [401, 200])
  assert.deepEqual([await status(`/blobs/${blob.digest}`, token), await status('/manifests/latest', token)], [200, 401])
  assert.equal(await status('/manifests/latest', issuer.token(`repository:${model.repository}:pull`)), 200)
})

test('manifests come under another type, or none, until it is healed', async () => {
  await using registry = await startFaultyRegistry([model], { manifestType: 'text/plain', auth: 'none' })
  const url = `${registry.url}/v2/${model.repository}/manifests/latest`
  const get = async (): Promise<Response> => fetch(url, { headers: { accept: DOCKER_MANIFEST } })
  const wrong = await get()
  assert.equal(wrong.headers.get('content-type'), 'text/plain')
  assert.equal(
    `sha256:${createHash('sha256')
      .update(await wrong.bytes())
      .digest('hex')}`,
    model.manifestDigest,
  )
  registry.heal()
  assert.equal((await get()).headers.get('content-type'), DOCKER_MANIFEST)
  assert.equal((await fetch(url)).status, 400)
  assert.equal((await fetch(url.replace('latest', 'other'), { headers: { accept: DOCKER_MANIFEST } })).status, 404)
})
