import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { needCommand } from '../support/debian.ts'
import { allBlobs, largestBlob, modelIndex, modelPack, ociTwin } from '../support/model-fixture.ts'
import { ollamaModel, runnerModel, titledArtifact } from '../support/model-fixture.ts'
import { startFront } from '../support/registry-front.ts'
import { basicUser, startRegistry } from '../support/registry.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'

const accept = [
  'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

async function sha256(answer: Response): Promise<string> {
  return `sha256:${createHash('sha256')
    .update(await answer.bytes())
    .digest('hex')}`
}

function basic(user: { readonly name: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`
}

test('a real registry gives back every kind of model byte for byte', async () => {
  await using registry = await startRegistry()
  const models = [
    ollamaModel(),
    ociTwin(ollamaModel(), 'twin'),
    modelIndex({ tag: 'multi' }),
    titledArtifact({ name: 'team/files' }),
    runnerModel({ name: 'ai/runner' }),
    modelPack({ name: 'team/pack' }),
  ]
  for (const model of models) {
    await registry.push(model)
    const repository = `${registry.url}/v2/${model.repository}`
    const manifest = await fetch(`${repository}/manifests/${model.tag}`, { headers: { accept } })
    assert.deepEqual([manifest.status, manifest.headers.get('content-type')], [200, model.mediaType])
    assert.equal(manifest.headers.get('docker-content-digest'), model.manifestDigest)
    assert.equal(await sha256(manifest), model.manifestDigest)
    for (const child of model.children) {
      const answer = await fetch(`${repository}/manifests/${child.manifestDigest}`, { headers: { accept } })
      assert.equal(await sha256(answer), child.manifestDigest)
    }
    for (const { digest } of allBlobs(model))
      assert.equal(await sha256(await fetch(`${repository}/blobs/${digest}`)), digest)
  }
})

test('skopeo copies the OCI twin of a model', async (t) => {
  const skopeo = needCommand({ command: 'skopeo', package: 'skopeo' })
  await using registry = await startRegistry()
  const model = ociTwin(ollamaModel(), 'twin')
  await registry.push(model)
  const folder = join(temporaryFolder(t), 'copy')
  const source = `docker://${registry.host}/library/small:twin`
  execFileSync(skopeo, ['--insecure-policy', 'copy', '-q', '--src-tls-verify=false', source, `dir:${folder}`])
  assert.deepEqual(readFileSync(join(folder, 'manifest.json')), model.manifestBytes)
  assert.equal(readdirSync(folder).length, model.blobs.length + 2)
})

test('a registry with basic authentication takes the one user and nobody else', async () => {
  await using registry = await startRegistry({ auth: 'basic' })
  const refused = await fetch(`${registry.url}/v2/`)
  assert.equal(refused.status, 401)
  assert.match(refused.headers.get('www-authenticate') ?? '', /^Basic realm=/)
  assert.equal((await fetch(`${registry.url}/v2/`, { headers: { authorization: basic(basicUser) } })).status, 200)
})

test('a registry takes the tokens of its issuer until they end', async () => {
  await using issuer = await startTokenIssuer({ user: basicUser, refreshToken: 'again' })
  await using registry = await startRegistry({ auth: issuer })
  const model = ollamaModel()
  await registry.push(model)
  const url = `${registry.url}/v2/${model.repository}/manifests/latest`
  const ask = async (token?: string): Promise<Response> =>
    fetch(url, { headers: { accept, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) } })
  const challenge = (await ask()).headers.get('www-authenticate') ?? ''
  const [, scope = ''] = /scope="([^"]+)"/.exec(challenge) ?? []
  assert.ok(challenge.startsWith(`Bearer realm="${issuer.realm}",service="${issuer.service}"`), challenge)

  const query = `?${new URLSearchParams({ service: issuer.service, scope }).toString()}`
  assert.equal((await fetch(issuer.realm + query)).status, 401)
  const got = await fetch(issuer.realm + query, { headers: { authorization: basic(basicUser) } })
  const { token, expires_in: expiresIn } = (await got.json()) as Record<string, string & number>
  assert.equal(expiresIn, 300)
  assert.equal((await ask(token)).status, 200)
  assert.equal((await ask(issuer.token('repository:library/other:pull'))).status, 401)

  const form = { grant_type: 'refresh_token', refresh_token: 'again', service: issuer.service, scope }
  const renewed = await fetch(issuer.realm, { method: 'POST', body: new URLSearchParams(form) })
  assert.equal((await ask(((await renewed.json()) as Record<string, string>)['access_token'])).status, 200)
  assert.deepEqual(
    issuer.requests.map(({ method, status }) => `${method} ${status}`),
    ['GET 401', 'GET 200', 'POST 200'],
  )

  const short = issuer.token(scope, 1)
  assert.equal((await ask(short)).status, 200)
  await delay(2100)
  assert.equal((await ask(short)).status, 401)
})

for (const [blobs, to] of [
  ['direct', 'front'],
  ...([301, 302, 303, 307, 308] as const).map((status) => [status, 'cdn'] as const),
  [307, 'front'],
  [307, 'two-hops'],
] as const) {
  test(`the front answers with ${blobs} and the blob comes from ${to}`, async () => {
    await using issuer = await startTokenIssuer()
    await using registry = await startRegistry({ auth: issuer })
    const model = ollamaModel()
    await registry.push(model)
    await using front = await startFront(registry, { blobs, to })
    const { digest, size } = largestBlob(model)
    const url = `${front.url}/v2/${model.repository}/blobs/${digest}`
    assert.equal((await fetch(url)).status, 401)
    const authorization = `Bearer ${issuer.token(`repository:${model.repository}:pull`)}`
    // fetch drops the field where the origin changes, and the CDN answers 400 to whoever sends it.
    assert.equal(await sha256(await fetch(url, { headers: { authorization } })), digest)
    const part = await fetch(url, { headers: { authorization, range: 'bytes=100-199' } })
    assert.deepEqual([part.status, part.headers.get('content-range')], [206, `bytes 100-199/${size}`])
    await part.bytes()
    if (to !== 'front') {
      const { location = '' } = Object.fromEntries(
        (await fetch(url, { headers: { authorization }, redirect: 'manual' })).headers,
      )
      const path = new URL(location, front.url).pathname.replace('/hop', '')
      assert.equal((await fetch(front.cdn + path, { headers: { authorization } })).status, 400)
    }
    assert.equal(await front.blobBytes(), size + 100)
  })
}

test('addresses at the CDN end after their time, and changed ones never hold', async () => {
  await using registry = await startRegistry()
  const model = ollamaModel()
  await registry.push(model)
  await using front = await startFront(registry, { signedFor: 1, otherName: true })
  const url = `${front.url}/v2/${model.repository}/blobs/${largestBlob(model).digest}`
  const location = (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? ''
  assert.match(location, /^http:\/\/localhost:/)
  assert.equal((await fetch(location)).status, 200)
  assert.equal((await fetch(location.replace('md5=', 'md5=x'))).status, 403)
  await delay(2100)
  assert.equal((await fetch(location)).status, 410)
  assert.equal((await fetch(url)).status, 200)
})

for (const blobs of ['direct', 307] as const)
  test(`the front is slow or busy as long as it is told to, and ignores ranges where it should (${blobs})`, async () => {
    await using registry = await startRegistry()
    const model = ollamaModel({ size: 600_000 })
    await registry.push(model)
    await using front = await startFront(registry, { blobs, ranges: false, slowRate: '400k' })
    const url = `${front.url}/v2/${model.repository}/blobs/${largestBlob(model).digest}`
    await front.busy(true)
    const busy = await fetch(url)
    assert.deepEqual([busy.status, busy.headers.get('retry-after')], [429, '1'])
    await front.busy(false)
    await front.slow(true)
    const begun = performance.now()
    assert.equal((await (await fetch(url, { headers: { range: 'bytes=5-' } })).bytes()).length, 600_000)
    assert.ok(performance.now() - begun > 300)
  })
