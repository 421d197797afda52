import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { makeCertificate } from '../faults/certificate.ts'
import { bytesOf, largestBlob, modelIndex, ollamaModel } from '../support/model-fixture.ts'
import { nameOf, pull, pullPlace } from '../support/pull-run.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import { startFront } from '../support/registry-front.ts'
import type { FrontBehaviour } from '../support/registry-front.ts'
import { basicUser, startRegistry } from '../support/registry.ts'
import { holdsModels } from './holds-models.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'
import type { TokenIssuerOptions } from '../support/token-issuer.ts'

const model = ollamaModel({ size: 3_000_000 })
const limits = { timeout: 180_000 }

interface RealCase {
  readonly behaviour: FrontBehaviour
  readonly auth: 'none' | 'basic' | TokenIssuerOptions
  readonly isLoggedIn: boolean
}

const cases: Readonly<Record<string, RealCase>> = {
  'blobs right there, anonymous': { behaviour: { blobs: 'direct' }, auth: 'none', isLoggedIn: false },
  'blobs right there, basic': { behaviour: { blobs: 'direct' }, auth: 'basic', isLoggedIn: true },
  'blobs right there, ranges ignored, token': {
    behaviour: { blobs: 'direct', ranges: false },
    auth: {},
    isLoggedIn: false,
  },
  '302 to another host, basic': { behaviour: { blobs: 302, otherName: true }, auth: 'basic', isLoggedIn: true },
  '307 to another port, token with login': {
    behaviour: { blobs: 307 },
    auth: { user: basicUser },
    isLoggedIn: true,
  },
  '307 to the same host, basic': { behaviour: { blobs: 307, to: 'front' }, auth: 'basic', isLoggedIn: true },
  '308 in two hops, token with login': {
    behaviour: { blobs: 308, to: 'two-hops', otherName: true },
    auth: { user: basicUser, takesPost: false },
    isLoggedIn: true,
  },
  '303 to another host, realm elsewhere': {
    behaviour: { blobs: 303, otherName: true },
    auth: { host: 'localhost' },
    isLoggedIn: false,
  },
}

describe('pulling from a real docker-registry', { concurrency: 2 }, () => {
  for (const [name, { behaviour, auth, isLoggedIn }] of Object.entries(cases)) {
    it(`installs a model, and fetches nothing the second time (${name})`, limits, async () => {
      await using issuer = await startTokenIssuer(typeof auth === 'object' ? auth : {})
      await using registry = await startRegistry({ auth: typeof auth === 'object' ? issuer : auth })
      await registry.push(model)
      await using front = await startFront(registry, {
        ...behaviour,
        slowRate: behaviour.ranges === false ? '2m' : '8m',
      })
      // Unbounded, megabytes would be on their way in sockets that are closed.
      await front.slow(true)
      using place = pullPlace()
      if (isLoggedIn) place.login(new URL(front.url).host)
      const first = await pull(place, front.url, nameOf(model))
      assert.equal(first.exit, 0, first.said)
      await holdsModels(place.store, [model])
      const sent = await front.blobBytes()
      // Whoever asks for a range and gets everything has some of it in sockets before the connection is closed.
      const most = bytesOf(model) * (behaviour.ranges === false ? 7 : 1.9) + 1_048_576
      assert.ok(sent >= bytesOf(model) && sent < most, `${sent} bytes were sent`)
      const second = await pull(place, front.url, nameOf(model))
      assert.equal(second.exit, 0, second.said)
      assert.equal(await front.blobBytes(), sent)
      const requests = await front.requests()
      assert.deepEqual(
        requests.filter(({ at, authorization }) => at === 'cdn' && authorization !== ''),
        [],
      )
    })
  }

  it('installs over TLS with --cacert, and refuses a certificate that nobody vouches for', limits, async () => {
    const tls = await makeCertificate()
    await using registry = await startRegistry({ tls })
    await registry.push(model)
    using place = pullPlace()
    const refused = await pull(place, registry.url, nameOf(model), '--retries', '0')
    assert.equal(refused.exit, 7, refused.said)
    const ca = join(place.root, 'ca.pem')
    writeFileSync(ca, tls.cert)
    const done = await pull(place, registry.url, nameOf(model), '--cacert', ca)
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
  })

  it('installs from a registry that fetches the blobs itself first', limits, async () => {
    await using origin = await startRegistry()
    await origin.push(model)
    await using mirror = await startRegistry({ proxyOf: origin.url })
    using place = pullPlace()
    const done = await pull(place, mirror.url, nameOf(model))
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
  })

  it('says what is missing: the model, the tag, the platform, the login', limits, async () => {
    await using registry = await startRegistry({ auth: 'basic' })
    await registry.push(model)
    await registry.push(modelIndex({ tag: 'multi' }))
    using place = pullPlace()
    const anonymous = await pull(place, registry.url, nameOf(model))
    assert.deepEqual([anonymous.exit, anonymous.code], [4, 'http-unauthorized'], anonymous.said)
    place.login(registry.host)
    for (const name of ['nothing', 'small:nothing']) {
      const missing = await pull(place, registry.url, name)
      assert.deepEqual([missing.exit, missing.code], [9, 'model-not-found'], missing.said)
      assert.match(missing.said, /not found/i)
    }
    const platform = await pull(place, registry.url, 'small:multi', '--platform', 'windows/arm64')
    assert.deepEqual([platform.exit, platform.code], [9, 'no-platform'], platform.said)
    assert.match(platform.said, /linux\/amd64.*linux\/arm64/)
    await holdsModels(place.store, [])
  })

  for (const [platform, child] of [
    ['linux/amd64', 0],
    ['linux/arm64', 1],
  ] as const) {
    it(`installs the platform that was asked for (${platform})`, limits, async () => {
      await using registry = await startRegistry()
      const index = modelIndex({ tag: 'multi', size: 100_000 })
      await registry.push(index)
      using place = pullPlace()
      const done = await pull(place, registry.url, 'small:multi', '--platform', platform)
      assert.equal(done.exit, 0, done.said)
      const chosen = index.children[child]
      assert.ok(chosen)
      await holdsModels(place.store, [{ ...chosen, tag: 'multi' }])
    })
  }

  it('installs by digest', limits, async () => {
    await using registry = await startRegistry()
    await registry.push(model)
    using place = pullPlace()
    const done = await pull(place, registry.url, `small@${model.manifestDigest}`)
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [{ ...model, tag: model.manifestDigest.replace(':', '-') }])
  })

  it('shows no password to a token server at another host', limits, async () => {
    await using issuer = await startTokenIssuer({ host: 'localhost', user: basicUser })
    await using registry = await startRegistry({ auth: issuer })
    await registry.push(model)
    using place = pullPlace()
    place.login(registry.host)
    const refused = await pull(place, registry.url, nameOf(model))
    assert.equal(refused.exit, 4, refused.said)
    for (const { authorization, fields } of issuer.requests) {
      assert.equal(authorization, undefined)
      assert.ok(!fields.toString().includes('secret'))
    }
    assert.ok(!refused.said.includes('secret'))
  })

  for (const manifestType of ['text/plain', 'application/json', null] as const) {
    it(`knows a manifest that comes as ${manifestType ?? 'no type'}`, limits, async () => {
      await using registry = await startFaultyRegistry([model], { manifestType })
      using place = pullPlace()
      const done = await pull(place, registry.url, nameOf(model))
      assert.equal(done.exit, 0, done.said)
      await holdsModels(place.store, [model])
    })
  }

  it('shares blobs between models and fetches them once', limits, async () => {
    const other = { ...ollamaModel({ size: 3_000_000, tag: 'other', seed: 1 }) }
    await using registry = await startFaultyRegistry([model, other])
    using place = pullPlace()
    for (const one of [model, other]) {
      const done = await pull(place, registry.url, nameOf(one))
      assert.equal(done.exit, 0, done.said)
    }
    await holdsModels(place.store, [model, other])
    assert.ok(registry.blobBytes(largestBlob(model).digest) < 3_000_000 * 1.3)
  })
})
