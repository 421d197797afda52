import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bearer, loginLab, shown } from '../../../test/support/login-lab.ts'
import type { Reply } from '../../../test/support/scripted-registry.ts'
import { fails, modelAt } from '../../../test/support/source-lab.ts'

const lab = loginLab()
const { issuer, registry } = lab

describe('an anonymous token', () => {
  it('is asked for with service and scope of the challenge, and used from then on', async () => {
    const tokens = await issuer()
    const server = await registry(bearer(`${tokens.origin}/token?x=1`, ',scope="repository:library/m:pull"'))
    const plan = await lab.source().resolve(modelAt(server))
    assert.deepEqual(shown(server), [undefined, 'Bearer t1'])
    const [asked] = tokens.heard
    assert.deepEqual([asked?.method, asked?.path, asked?.headers.authorization], ['GET', '/token', undefined])
    assert.deepEqual(
      [...(asked?.query ?? [])],
      [
        ['x', '1'],
        ['service', 'reg'],
        ['scope', 'repository:library/m:pull'],
      ],
    )
    assert.equal(await plan.authorize(null), 'Bearer t1')
  })

  it('is for this repository alone, where the challenge names no scope; several scopes are sent one by one', async () => {
    const tokens = await issuer()
    const bare = await registry({ status: 401, headers: { 'WWW-Authenticate': `bearer REALM=${tokens.origin}/t` } })
    await lab.source().resolve(modelAt(bare))
    assert.deepEqual([...(tokens.heard[0]?.query ?? [])], [['scope', 'repository:library/m:pull']])
    const two = await registry(bearer(tokens.origin, ',scope="repository:a:pull repository:b:pull"'))
    await lab.source().resolve(modelAt(two))
    assert.deepEqual(tokens.heard[1]?.query.getAll('scope'), ['repository:a:pull', 'repository:b:pull'])
  })

  it('comes from odd challenges too', async () => {
    const tokens = await issuer()
    for (const value of [
      [`Negotiate, Basic realm="x, y", BEARER service=reg , realm = "${tokens.origin}/a\\b"`.replace('\\b', '')],
      ['Basic realm="x"', `Bearer realm="${tokens.origin}"`],
      ['@@@', `Bearer realm="${tokens.origin}`],
    ]) {
      const server = await registry({ status: 401, headers: { 'WWW-Authenticate': value } })
      await lab.source().resolve(modelAt(server))
    }
    assert.equal(tokens.heard.length, 3)
  })

  it('may be called access_token, and holds a minute where nothing is said', async () => {
    const tokens = await lab.serve(() => ({ body: '{"access_token":"tx","expires_in":"soon"}' }))
    const server = await registry(bearer(tokens.origin))
    let now = 1_000_000
    const plan = await lab.source({ now: () => now }).resolve(modelAt(server))
    now += 49_000
    await plan.authorize(null)
    assert.equal(tokens.heard.length, 1)
    now += 2_000
    assert.equal(await plan.authorize(null), 'Bearer tx')
    assert.equal(tokens.heard.length, 2)
  })

  it('is kept for the next plan of the same repository, until shortly before its end', async () => {
    const tokens = await issuer(() => null, { expires_in: 100 })
    const server = await registry(bearer(tokens.origin))
    let now = 0
    const source = lab.source({ now: () => now })
    await source.resolve(modelAt(server))
    await source.resolve(modelAt(server))
    assert.deepEqual(shown(server), [undefined, 'Bearer t1', undefined, 'Bearer t1'])
    now = 91_000
    await source.resolve(modelAt(server))
    assert.equal(shown(server).at(-1), 'Bearer t2')
  })

  it('that ran out in the middle is replaced, once for twenty who ask at the same time', async () => {
    const tokens = await issuer()
    const server = await registry(bearer(tokens.origin))
    const plan = await lab.source().resolve(modelAt(server))
    const challenges = [`Bearer realm="${tokens.origin}",service="reg",error="invalid_token"`]
    const refused = { value: 'Bearer t1', challenges }
    const values = await Promise.all(Array.from({ length: 20 }, () => plan.authorize(refused)))
    assert.deepEqual(new Set(values), new Set(['Bearer t2']))
    assert.equal(tokens.heard.length, 2)
    // One who was refused with the old one comes late.
    assert.equal(await plan.authorize(refused), 'Bearer t2')
    assert.equal(tokens.heard.length, 2)
    assert.equal(await plan.authorize({ value: 'Bearer t2', challenges: [] }), 'Bearer t3')
  })

  it('is fetched on for the others when one of them stops waiting, and given up when all do', async () => {
    const held: Array<() => void> = []
    let hold = false
    const tokens = await issuer((heard) => {
      if (!hold) return null
      return { odd: (response) => void held.push(() => response.end(`{"token":"t-late-${heard.path.length}"}`)) }
    })
    const server = await registry(bearer(tokens.origin))
    const plan = await lab.source().resolve(modelAt(server))
    hold = true
    const refused = { value: 'Bearer t1', challenges: [] }
    const [first, second] = [new AbortController(), new AbortController()]
    const stopped = fails(plan.authorize(refused, first.signal), 'interrupted')
    const waiting = plan.authorize(refused, second.signal)
    while (held.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    first.abort()
    await stopped
    held[0]?.()
    assert.equal(await waiting, 'Bearer t-late-1')
    const third = new AbortController()
    const alone = fails(plan.authorize({ value: 'Bearer t-late-1', challenges: [] }, third.signal), 'interrupted')
    third.abort()
    await alone
    hold = false
    assert.equal(await plan.authorize(null), 'Bearer t-late-1')
  })

  it('of a wider scope is fetched when the registry asks for that', async () => {
    const tokens = await issuer()
    const server = await registry(bearer(tokens.origin))
    const plan = await lab.source().resolve(modelAt(server))
    const challenges = [`Bearer realm="${tokens.origin}",scope="repository:base:pull",error="insufficient_scope"`]
    assert.equal(await plan.authorize({ value: 'Bearer t1', challenges }), 'Bearer t2')
    assert.equal(tokens.heard[1]?.query.get('scope'), 'repository:base:pull')
  })

  it('that is refused again and again ends as unauthorized', async () => {
    const tokens = await issuer()
    const server = await registry(bearer(tokens.origin), () => false)
    await fails(lab.source().resolve(modelAt(server)), 'http-unauthorized')
    assert.ok(server.heard.length <= 3)
  })
})

describe('a token server', () => {
  async function withTokens(reply: Reply): Promise<unknown> {
    const tokens = await lab.serve(() => reply)
    return lab.source().resolve(modelAt(await registry(bearer(tokens.origin))))
  }

  it('that sends no token, or one that no header can hold, is told so without its words', async () => {
    for (const body of [
      '',
      '{}',
      '[]',
      'null',
      '{"token":""}',
      '{"token":7}',
      '{"token":"a b"}',
      '{"token":"x\\r\\ny"}',
    ]) {
      await fails(withTokens({ body }), 'bad-response', /^The token server 127\.0\.0\.1:\d+ sent no token\.$/)
    }
  })

  it('that refuses, limits or is broken gives its reason', async () => {
    await fails(withTokens({ status: 401, body: '{"details":"no such user"}' }), 'http-unauthorized', /no such user/)
    await fails(withTokens({ status: 429 }), 'http-busy')
    await fails(withTokens({ status: 500 }), 'http-server-error')
    await fails(withTokens({ status: 404 }), 'http-status', /gives no token \(404\)/)
  })

  it('that sends more than 128 KiB is left', async () => {
    await fails(withTokens({ body: `{"token":"${'x'.repeat(140_000)}"}` }), 'answer-too-large')
  })

  it('must be named: an empty or bad realm is refused with the reason', async () => {
    const at = async (realm: string): Promise<unknown> => lab.source().resolve(modelAt(await registry(bearer(realm))))
    await fails(at(''), 'realm-refused', /sent no token endpoint/)
    await fails(at('/token'), 'realm-refused')
    await fails(at('file:///etc/passwd'), 'realm-refused')
  })

  it('inside is not asked for a registry on the internet', async () => {
    const tokens = await lab.serve(() => ({ body: '{"token":"t1"}' }), { name: '127.0.0.2' })
    const server = await registry(bearer(tokens.origin))
    const kind = (address: string): 'public' | 'private' => (address === '127.0.0.1' ? 'public' : 'private')
    await fails(lab.source({ classify: kind }).resolve(modelAt(server)), 'realm-refused', /private address/)
    // One whose name only turns out to lead inside.
    let looks = 0
    const late = (address: string): 'public' | 'private' =>
      address === '127.0.0.2' && looks++ > 0 ? 'private' : 'public'
    await fails(lab.source({ classify: late }).resolve(modelAt(server)), 'private-address')
    assert.equal(tokens.heard.length, 0)
    await lab.source({ classify: kind, allowPrivate: true }).resolve(modelAt(server))
  })
})
