import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  indexText,
  indexType,
  manifestsAt,
  manifestText,
  manifestType,
  sha256,
} from '../../../test/support/scripted-registry.ts'
import type { Heard, Reply } from '../../../test/support/scripted-registry.ts'
import { fails, modelAt, sourceLab } from '../../../test/support/source-lab.ts'
import { SluiceError } from '../../core/errors.ts'

const lab = sourceLab()
const text = manifestText('m')
const amd64 = { platform: { os: 'linux', architecture: 'amd64' } }

describe('a plan', () => {
  it('has the bytes of the manifest as sent, its digest, and each blob once, config first', async () => {
    const layers = [5, 5, 0].map((size) => ({ mediaType: 'x/y', digest: sha256(size === 0 ? '' : 'five'), size }))
    const body = JSON.stringify({ schemaVersion: 2, config: { ...layers[2], mediaType: 'x/config' }, layers }, null, 7)
    const server = await lab.serve(manifestsAt('library/m', { latest: body }))
    const plan = await lab.source().resolve(modelAt(server))
    assert.equal(Buffer.from(plan.manifestBytes).toString(), body)
    assert.equal(plan.digest, sha256(body))
    assert.equal(plan.platform, null)
    assert.deepEqual(
      plan.blobs.map(({ mediaType, size, url }) => [mediaType, size, url]),
      [
        ['x/config', 0, `${server.origin}/v2/library/m/blobs/${sha256('')}`],
        ['x/y', 5, `${server.origin}/v2/library/m/blobs/${sha256('five')}`],
      ],
    )
    assert.equal(await plan.authorize(null), null)
  })

  it('asks once, by GET, for all kinds of manifests and plain bytes, without a login', async () => {
    const server = await lab.serve(manifestsAt('library/m', { latest: text }))
    await lab.source({ env: { HF_TOKEN: 'hf_geheim' } }).resolve(modelAt(server))
    const [asked] = server.heard
    assert.equal(server.heard.length, 1)
    assert.deepEqual([asked?.method, asked?.path], ['GET', '/v2/library/m/manifests/latest'])
    for (const type of [manifestType, indexType, 'manifest.list.v2+json', 'oci.image.manifest.v1+json']) {
      assert.ok(asked?.headers.accept?.includes(type), type)
    }
    assert.equal(asked?.headers['accept-encoding'], 'identity')
    assert.match(asked?.headers['user-agent'] ?? '', /^sluice\//)
    assert.equal(asked?.headers.authorization, undefined)
  })

  it('is of the digest, where the name has one beside the tag', async () => {
    const server = await lab.serve(manifestsAt('library/m', { latest: manifestText('other'), v1: text }))
    const plan = await lab.source().resolve(modelAt(server, { digest: sha256(text) }))
    assert.equal(plan.digest, sha256(text))
    assert.equal(server.heard[0]?.path, `/v2/library/m/manifests/${sha256(text)}`)
  })
})

describe('a manifest', () => {
  const sent = async (reply: Reply, change: Parameters<typeof modelAt>[1] = {}): Promise<unknown> =>
    lab.source().resolve(modelAt(await lab.serve(() => reply), change))

  it('may be mislabelled, as what it is decides', async () => {
    for (const type of ['application/json', 'text/plain; charset=utf-8', 'application/octet-stream', undefined]) {
      await sent({ body: text, headers: type === undefined ? {} : { 'Content-Type': type } })
    }
  })

  it('must have the digest that was asked for', async () => {
    const digest = sha256('something else')
    await fails(sent({ body: text }, { digest }), 'bad-manifest', /sent something else than sha256:/)
  })

  it('must have the digest that the registry tells, whatever its case; unknown algorithms tell nothing', async () => {
    const told = (value: string): Promise<unknown> => sent({ body: text, headers: { 'Docker-Content-Digest': value } })
    await fails(told(sha256('other')), 'bad-manifest', /another digest than it says/)
    await fails(told(`sha512:${'0'.repeat(128)}`), 'bad-manifest')
    await told(sha256(text).toUpperCase().replace('SHA256', 'sha256'))
    await told('blake3:00')
    await told('nonsense')
  })

  it('is read from an answer that is encoded all the same', async () => {
    await sent({ body: gzipSync(text), headers: { 'Content-Encoding': 'gzip', 'Docker-Content-Digest': sha256(text) } })
  })

  it('must be one: no web page, no other text, no broken UTF-8, no byte order mark', async () => {
    for (const body of [
      '<html>Log in to the hotel</html>',
      '',
      '[]',
      '{"schemaVersion":2}',
      Buffer.from([0x7b, 0xff, 0x7d]),
      `\uFEFF${text}`,
    ]) {
      await fails(sent({ body, headers: { 'Content-Type': 'text/html' } }), 'bad-manifest')
    }
  })

  it('is refused above 4 MiB, announced or endless', async () => {
    await fails(sent({ body: `{"x":"${'y'.repeat(4 * 1024 * 1024)}"}` }), 'answer-too-large')
    const endless = (response: import('node:http').ServerResponse): void => {
      response.writeHead(200)
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65536)));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    }
    await fails(sent({ odd: endless }), 'answer-too-large')
  })

  it('is asked for again after what may pass: 408, 429, 5xx, a lost connection', async () => {
    const troubles: Reply[] = [
      { status: 503, headers: { 'Retry-After': '7' } },
      { odd: (response) => void response.socket?.resetAndDestroy() },
      {
        odd: (response) => void response.writeHead(200, { 'Content-Length': 500 }).write('{', () => response.destroy()),
      },
    ]
    const server = await lab.serve((heard) => troubles.shift() ?? manifestsAt('library/m', { latest: text })(heard))
    const waits: number[] = []
    const sleep = (ms: number): Promise<void> => {
      waits.push(ms)
      return Promise.resolve()
    }
    await lab.source({ sleep, random: () => 1 }).resolve(modelAt(server))
    assert.deepEqual(waits, [7000, 1000, 2000])
  })

  it('is given up after three further attempts, or as many as wanted, with what the registry said', async () => {
    const server = await lab.serve(() => ({
      status: 429,
      headers: { 'Retry-After': '9' },
      body: '{"error":"too fast"}',
    }))
    const error = await fails(lab.source().resolve(modelAt(server)), 'http-busy', /\(429\): too fast$/)
    assert.deepEqual([error.retryAfter, error.retryable, server.heard.length], [9, true, 4])
    await fails(lab.source({ retries: 0 }).resolve(modelAt(server)), 'http-busy')
    assert.equal(server.heard.length, 5)
  })

  it('cannot be asked for by a name that would change its path', async () => {
    const server = await lab.serve(() => ({ status: 500 }))
    for (const change of [
      { repository: '../../admin' },
      { repository: 'a/./b' },
      { repository: 'a//b' },
      { repository: 'a?x=1#' },
      { repository: 'a b' },
      { tag: '..' },
      { tag: 'x%2f..' },
      { host: `user@${server.host}` },
      { host: `${server.host}/x` },
      { host: '' },
    ]) {
      await fails(lab.source().resolve(modelAt(server, change)), 'bad-model-name')
    }
    assert.equal(server.heard.length, 0)
  })

  it('is no longer waited for once the signal aborts, in a pause too', async () => {
    const server = await lab.serve(() => ({ status: 503, headers: { 'Retry-After': '3000' } }))
    const stop = new AbortController()
    const { openRegistrySource } = await import('./open-registry-source.ts')
    const { createApiClient } = await import('../../wire/api-request.ts')
    const api = createApiClient()
    const asked = openRegistrySource({ api, env: { HOME: lab.folder() } }).resolve(modelAt(server), {
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(), 100)
    await fails(asked, 'interrupted')
    assert.equal(server.heard.length, 1)
    api.close()
  })
})

describe('an index', () => {
  it('leads to the manifest of the platform; that one is the plan, its bytes untouched', async () => {
    const [arm, intel] = [manifestText('arm'), manifestText('intel')]
    const index = indexText([
      { text: '{}', platform: 'unknown/unknown' },
      { text: arm, platform: 'linux/arm64/v8' },
      { text: intel, platform: 'linux/amd64' },
    ])
    const server = await lab.serve(manifestsAt('library/m', { latest: index, arm, intel }))
    const plan = await lab.source().resolve(modelAt(server), amd64)
    assert.equal(Buffer.from(plan.manifestBytes).toString(), intel)
    assert.deepEqual([plan.digest, plan.platform], [sha256(intel), amd64.platform])
    const other = await lab.source().resolve(modelAt(server), { platform: { os: 'linux', architecture: 'arm64' } })
    assert.deepEqual([other.digest, other.platform?.variant], [sha256(arm), 'v8'])
    await fails(
      lab.source().resolve(modelAt(server), { platform: { os: 'linux', architecture: 's390x' } }),
      'no-platform',
      /linux\/arm64\/v8, linux\/amd64/,
    )
  })

  it('of which two platforms have one manifest tells the one that was wanted', async () => {
    const both = ['linux/386', 'linux/amd64'].map((platform) => ({ text, platform }))
    const server = await lab.serve(manifestsAt('library/m', { latest: indexText(both), one: text }))
    assert.deepEqual((await lab.source().resolve(modelAt(server), amd64)).platform, amd64.platform)
  })

  it('takes the architecture of this machine where none is wanted', async () => {
    const entries = ['amd64', 'arm64'].map((one) => ({ text: manifestText(one), platform: `linux/${one}` }))
    const index = indexText(entries)
    const byTag = { latest: index, a: entries[0]?.text ?? '', b: entries[1]?.text ?? '' }
    const server = await lab.serve(manifestsAt('library/m', byTag))
    const plan = await lab.source().resolve(modelAt(server))
    assert.equal(plan.platform?.architecture, process.arch === 'x64' ? 'amd64' : process.arch)
  })

  it('binds its manifest by digest and size', async () => {
    const wrongSize = indexText([{ text, platform: 'linux/amd64', size: text.length + 1 }])
    const server = await lab.serve(manifestsAt('library/m', { latest: wrongSize, m: text }))
    await fails(lab.source().resolve(modelAt(server), amd64), 'bad-manifest', /not \d+ as its index says/)

    const index = indexText([{ text, platform: 'linux/amd64' }])
    const liar = await lab.serve(({ path }) => ({ body: path.endsWith('latest') ? index : manifestText('evil') }))
    await fails(lab.source().resolve(modelAt(liar), amd64), 'bad-manifest', /something else/)

    const huge = indexText([{ text, platform: 'linux/amd64', size: 5_000_000 }])
    const boaster = await lab.serve(() => ({ body: huge }))
    await fails(lab.source().resolve(modelAt(boaster), amd64), 'bad-manifest', /5000000 bytes/)
    assert.equal(boaster.heard.length, 1)
  })

  it('may hold indexes, three deep and no more', async () => {
    const wrap = (child: string, type: string): string => indexText([{ text: child, platform: 'linux/amd64', type }])
    const one = wrap(text, manifestType)
    const two = wrap(one, indexType)
    const three = wrap(two, indexType)
    const four = wrap(three, indexType)
    const server = await lab.serve(manifestsAt('library/m', { text, one, two, three, four }))
    const at = (tag: string): Promise<unknown> => lab.source().resolve(modelAt(server, { tag }), amd64)
    await at('three')
    await fails(at('four'), 'bad-manifest', /more than 3 deep/)
  })
})

describe('a redirect', () => {
  const to = (location: string, status = 307): Reply => ({ status, headers: { Location: location } })

  it('of any kind is followed, and blobs are still asked for at the registry', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const cdn = await lab.serve(() => ({ body: text }))
      const server = await lab.serve(({ path }) => (path === '/there' ? to(cdn.origin) : to('/there', status)))
      const plan = await lab.source().resolve(modelAt(server))
      assert.equal(new URL(plan.blobs[0]?.url ?? '').origin, server.origin)
      assert.match(cdn.heard[0]?.headers.accept ?? '', /manifest\.v2/)
    }
  })

  it('that goes on for ever or in a circle ends', async () => {
    let hops = 0
    const endless = await lab.serve(() => to(`/hop/${hops++}`))
    await fails(lab.source().resolve(modelAt(endless)), 'too-many-redirects', /more than 10/)
    assert.equal(hops, 11)
    const circle = await lab.serve(({ path }) => to(path === '/a' ? '/b' : '/a'))
    await fails(lab.source().resolve(modelAt(circle)), 'too-many-redirects', /circle/)
  })

  it('to a machine inside is refused, when the registry is on the internet', async () => {
    const inside = await lab.serve(() => ({ body: text }))
    const outside = await lab.serve(() => to(inside.origin))
    let calls = 0
    const classify = (): 'public' | 'private' => (calls++ === 0 ? 'public' : 'private')
    await fails(lab.source({ classify }).resolve(modelAt(outside)), 'private-address')
    assert.equal(inside.heard.length, 0)
    await lab.source({ classify, allowPrivate: true }).resolve(modelAt(outside))
    await fails(lab.source({ publicOnly: true }).resolve(modelAt(outside)), 'private-address')
  })
})

describe('a refusal', () => {
  const refusal = async (reply: Reply, repository = 'library/m'): Promise<SluiceError> => {
    const server = await lab.serve(() => reply)
    const error: unknown = await lab
      .source()
      .resolve(modelAt(server, { repository }))
      .catch((reason: unknown) => reason)
    assert.ok(error instanceof SluiceError, String(error))
    return error
  }
  const errors = (code: string, message: string): string => JSON.stringify({ errors: [{ code, message }] })

  it('404 says that the model or tag is not there, whatever its body', async () => {
    for (const body of ['404 page not found\n', errors('MANIFEST_UNKNOWN', 'manifest unknown'), '', '<html></html>']) {
      const error = await refusal({ status: 404, body })
      assert.equal(error.code, 'model-not-found')
      assert.match(error.message, /^Model or tag not found: m:latest at 127\.0\.0\.1:\d+\.$/)
    }
    assert.match((await refusal({ status: 404 }, 'ns/m')).message, /: ns\/m:latest at /)
    assert.equal((await refusal({ status: 400, body: errors('NAME_UNKNOWN', 'x') })).code, 'model-not-found')
  })

  it('412 and 400 show the words of the registry, cleaned', async () => {
    const old = '\n\nThe model requires a newer version of Ollama.\n\n\tSee https://ollama.com/download\u001b[2J\n'
    const upgrade = await refusal({ status: 412, body: JSON.stringify({ error: old }) })
    assert.equal(upgrade.code, 'http-status')
    assert.match(
      upgrade.message,
      /\(412\): The model requires a newer version of Ollama\. See https:\/\/ollama\.com\/download \[2J$/,
    )
    const sharded = await refusal({
      status: 400,
      body: '{"error":"The specified tag is a sharded GGUF. Ollama does not support this yet."}',
    })
    assert.match(sharded.message, /sharded GGUF/)
    assert.equal(sharded.retryable, false)
    const long = await refusal({ status: 412, body: 'w'.repeat(100_000) })
    assert.ok(long.message.length < 400)
  })

  it('tells the time that the server asks to wait, where that is more than an hour', async () => {
    const error = await refusal({
      status: 429,
      headers: { 'Retry-After': '7200' },
      body: errors('TOOMANYREQUESTS', 'slow'),
    })
    assert.deepEqual([error.code, error.retryAfter], ['http-busy', 7200])
    assert.match(error.hint, /come back in 2 h/)
    assert.doesNotMatch((await refusal({ status: 405 })).hint, /colon/)
  })

  it('403 and DENIED are forbidden', async () => {
    assert.equal((await refusal({ status: 403 })).code, 'http-forbidden')
    assert.equal(
      (await refusal({ status: 400, body: errors('DENIED', 'requested access is denied') })).code,
      'http-forbidden',
    )
  })

  it('401 without a way to log in is unauthorized, with what to do', async () => {
    const error = await refusal({ status: 401, body: errors('UNAUTHORIZED', 'authentication required') })
    assert.equal(error.code, 'http-unauthorized')
    assert.match(error.message, /wants a login for m:latest \(401\): authentication required/)
    assert.match(error.hint, /docker login 127\.0\.0\.1:\d+/)
    assert.equal(error.status, 401)
  })

  it('5xx is a server error and 204 no manifest', async () => {
    assert.equal(
      (await refusal({ status: 502, body: '<html><title>502 Bad Gateway</title></html>' })).code,
      'http-server-error',
    )
    assert.equal((await refusal({ status: 204 })).code, 'http-status')
  })

  it('holds for all of them: the heard path is the one of the name', async () => {
    const heard: Heard[] = []
    const server = await lab.serve((one) => {
      heard.push(one)
      return { status: 404 }
    })
    await fails(lab.source().resolve(modelAt(server, { repository: 'A/B.c', tag: 'X_1.2-z' })), 'model-not-found')
    assert.deepEqual(
      heard.map(({ path }) => path),
      ['/v2/A/B.c/manifests/X_1.2-z'],
    )
  })
})
