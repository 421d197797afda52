import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { makeCertificate } from '../../../test/faults/certificate.ts'
import { startProxyServer } from '../../../test/support/proxy-server.ts'
import { basic, bearer, login, loginLab, manifests, modelText, shown } from '../../../test/support/login-lab.ts'
import type { Heard, Reply, ScriptedServer } from '../../../test/support/scripted-registry.ts'
import { fails, modelAt } from '../../../test/support/source-lab.ts'

const lab = loginLab()
const { home, issuer, registry } = lab

describe('a login of docker', () => {
  it('is looked for only when asked, and shown by Basic to the token server alone', async () => {
    const tokens = await issuer((heard) => (heard.headers.authorization === basic ? null : { status: 401 }))
    const server = await registry(bearer(`${tokens.origin}/token`))
    const env = { HOME: home({ [server.host]: login }) }
    await lab.source({ env }).resolve(modelAt(server))
    assert.deepEqual(shown(tokens), [basic])
    assert.deepEqual(shown(server), [undefined, 'Bearer t1'])
  })

  it('is shown to a registry that asks for Basic', async () => {
    const challenge = { status: 401, headers: { 'WWW-Authenticate': 'basic realm="r"' } }
    const server = await registry(challenge, (given) => given === basic)
    const env = { HOME: home({ [server.host]: login }) }
    const plan = await lab.source({ env }).resolve(modelAt(server))
    assert.equal(await plan.authorize(null), basic)
    assert.equal(await plan.authorize({ value: basic, challenges: ['Basic'] }), null)
    const error = await fails(lab.source().resolve(modelAt(server)), 'http-unauthorized', /wants a login/)
    assert.doesNotMatch(JSON.stringify(error), /geheim/)
  })

  it('that is wrong is told, without showing it', async () => {
    const tokens = await issuer(() => ({
      status: 401,
      body: '{"errors":[{"code":"UNAUTHORIZED","message":"bad login"}]}',
    }))
    const server = await registry(bearer(tokens.origin))
    const env = { HOME: home({ [server.host]: login }) }
    const error = await fails(
      lab.source({ env }).resolve(modelAt(server)),
      'http-unauthorized',
      /does not accept the login.*bad login/,
    )
    assert.doesNotMatch(`${error.message} ${error.hint}`, /geheim|Basic/)
  })

  it('with a password is posted to a token server that does not know GET', async () => {
    const tokens = await issuer(({ body, method }) => {
      if (method === 'GET') return { status: 405 }
      return new URLSearchParams(body).get('password') === 'ge:heim' ? null : { status: 401 }
    })
    const server = await registry(bearer(tokens.origin))
    await lab.source({ env: { HOME: home({ [server.host]: login }) } }).resolve(modelAt(server))
    assert.deepEqual(
      [...new URLSearchParams(tokens.heard[1]?.body)],
      [
        ['grant_type', 'password'],
        ['username', 'al'],
        ['password', 'ge:heim'],
        ['client_id', 'sluice'],
        ['service', 'reg'],
        ['scope', 'repository:library/m:pull'],
      ],
    )
  })

  it('with an identity token is posted as a refresh token, and shown by Basic where POST is not known', async () => {
    for (const status of [200, 404, 405]) {
      const tokens = await issuer(({ method }) => (method === 'POST' && status !== 200 ? { status } : null))
      const server = await registry(bearer(tokens.origin))
      const auths = { [server.host]: { auth: Buffer.from('0000:').toString('base64'), identitytoken: 'geheim' } }
      await lab.source({ env: { HOME: home(auths) } }).resolve(modelAt(server))
      const form = new URLSearchParams(tokens.heard[0]?.body)
      assert.deepEqual([form.get('grant_type'), form.get('refresh_token')], ['refresh_token', 'geheim'])
      assert.equal(tokens.heard[0]?.headers['content-type'], 'application/x-www-form-urlencoded')
      assert.deepEqual(
        shown(tokens).slice(1),
        status === 200 ? [] : [`Basic ${Buffer.from('0000:geheim').toString('base64')}`],
      )
    }
  })

  it('with a token of the registry needs no token server', async () => {
    const tokens = await issuer()
    const server = await registry(bearer(tokens.origin), (given) => given === 'Bearer own')
    await lab.source({ env: { HOME: home({ [server.host]: { registrytoken: 'own' } }) } }).resolve(modelAt(server))
    assert.deepEqual([tokens.heard.length, shown(server)], [0, [undefined, 'Bearer own']])
  })

  it('that could not be read is named, if it comes to that', async () => {
    const server = await registry({ status: 401 }, () => false)
    const withBasic = await registry({ status: 401, headers: { 'WWW-Authenticate': 'Basic' } }, () => false)
    const folder = lab.folder()
    mkdirSync(join(folder, '.docker'))
    writeFileSync(join(folder, '.docker', 'config.json'), '{"auths": geheim')
    const source = lab.source({ env: { HOME: folder } })
    const error = await fails(source.resolve(modelAt(withBasic)), 'http-unauthorized')
    assert.match(error.hint, /config\.json is no JSON object/)
    assert.doesNotMatch(error.hint, /geheim/)
    await fails(source.resolve(modelAt(server)), 'http-unauthorized')
  })
})

describe('a login is never sent', () => {
  it('to a realm elsewhere: that is asked as nobody, and told when that is not enough', async () => {
    const kind = await issuer(() => null, {}, 'localhost')
    const open = await registry(bearer(kind.origin))
    await lab.source({ env: { HOME: home({ [open.host]: login }) } }).resolve(modelAt(open))
    assert.deepEqual(shown(kind), [undefined])

    const strict = await issuer(({ headers }) => (headers.authorization ? null : { status: 401 }), {}, 'localhost')
    const server = await registry(bearer(strict.origin))
    const env = { HOME: home({ [server.host]: login }) }
    await fails(lab.source({ env }).resolve(modelAt(server)), 'realm-refused', /asks for the login at localhost:\d+/)
    const identity = { HOME: home({ [server.host]: { identitytoken: 'geheim' } }) }
    await fails(lab.source({ env: identity }).resolve(modelAt(server)), 'realm-refused')
    for (const { body, headers, method } of strict.heard) {
      assert.deepEqual([method, body, headers.authorization], ['GET', '', undefined])
    }
  })

  it('on with a redirect to another origin, even back again; a token neither', async () => {
    const tokens = await issuer()
    const cdn = await lab.serve(({ path }) =>
      path === '/back' ? { status: 302, headers: { Location: `${server.origin}/after` } } : { body: modelText },
    )
    const server: ScriptedServer = await lab.serve(({ headers, path }) => {
      if (path === '/after') return { body: modelText }
      if (headers.authorization === undefined) return bearer(tokens.origin)
      return { status: 307, headers: { Location: `${cdn.origin}/back` } }
    })
    await lab.source().resolve(modelAt(server))
    assert.deepEqual(shown(cdn), [undefined])
    assert.deepEqual(shown(server), [undefined, 'Bearer t1', undefined])
  })

  it('by a token server to where it redirects', async () => {
    const elsewhere = await issuer(() => null, {}, 'localhost')
    const tokens = await lab.serve(() => ({ status: 307, headers: { Location: `${elsewhere.origin}/x` } }))
    const server = await registry(bearer(tokens.origin))
    await lab.source({ env: { HOME: home({ [server.host]: login }) } }).resolve(modelAt(server))
    assert.deepEqual([shown(tokens), shown(elsewhere)], [[basic], [undefined]])
  })

  it('because somebody asks for it to whom the registry redirects', async () => {
    const cdn = await lab.serve(() => ({ status: 401, headers: { 'WWW-Authenticate': 'Basic realm="x"' } }), {
      name: 'localhost',
    })
    const server = await lab.serve(() => ({ status: 307, headers: { Location: cdn.origin } }))
    const env = { HOME: home({ [server.host]: login, [cdn.host]: login }) }
    await fails(lab.source({ env }).resolve(modelAt(server)), 'http-unauthorized')
    assert.deepEqual([shown(server), shown(cdn)], [[undefined], [undefined]])
  })
})

describe('by the names of the internet', () => {
  /** All https addresses lead to the server; gives a source that goes there. */
  async function internet(reply: (heard: Heard) => Reply, env: Record<string, string> = {}) {
    const names = [
      'hf.co',
      'huggingface.co',
      'registry-1.docker.io',
      'auth.docker.io',
      'registry.ollama.ai',
      'evil.test',
    ]
    const tls = await makeCertificate(names.map((name) => `DNS:${name}`).join(','))
    const server = await lab.serve(reply, { tls })
    const proxy = await startProxyServer({ port: server.port })
    const source = lab.source({ env }, { ca: tls.cert, proxy: `http://127.0.0.1:${proxy.port}` })
    const close = (): Promise<void> => proxy.close()
    return { source, server, close }
  }
  const asked = ({ heard }: ScriptedServer): Array<string | undefined> =>
    heard.map(({ headers }) => `${headers.host} ${headers.authorization ?? 'nobody'}`)

  it('HF_TOKEN goes to hf.co and huggingface.co from the first request on, and nowhere else', async () => {
    const moved: Record<string, string> = {
      'hf.co': 'https://huggingface.co/x',
      'huggingface.co': 'https://evil.test/y',
    }
    const { source, server, close } = await internet(
      ({ headers }) => {
        const location = moved[headers.host ?? '']
        return location === undefined ? { body: modelText } : { status: 307, headers: { Location: location } }
      },
      { HF_TOKEN: 'hf_x' },
    )
    await source.resolve(modelAt(server, { host: 'hf.co' }))
    assert.deepEqual(asked(server), ['hf.co Bearer hf_x', 'huggingface.co Bearer hf_x', 'evil.test nobody'])
    await source.resolve(modelAt(server, { host: 'registry.ollama.ai' }))
    assert.equal(asked(server).at(-1), 'registry.ollama.ai nobody')
    await close()
  })

  it('what Hugging Face hides is not found or private, with HF_TOKEN as the way in', async () => {
    const phrase = 'Bearer realm="Authentication required", charset="UTF-8"'
    const { source, server, close } = await internet(() => ({
      status: 401,
      headers: { 'WWW-Authenticate': phrase },
      body: 'Invalid username or password.',
    }))
    const error = await fails(
      source.resolve(modelAt(server, { host: 'hf.co', repository: 'me/secret' })),
      'http-unauthorized',
      /^Model or tag not found, or private: me\/secret:latest at hf\.co \(401\): Invalid/,
    )
    assert.match(error.hint, /HF_TOKEN/)
    await close()
  })

  it('docker.io is asked at its API host, with the login that docker keeps under its old address', async () => {
    const key = 'https://index.docker.io/v1/'
    const { source, server, close } = await internet(
      (heard) => {
        if (heard.path === '/token') return { body: '{"token":"t1"}' }
        return heard.headers.authorization ? manifests(heard) : bearer('https://auth.docker.io/token')
      },
      { HOME: home({ [key]: login }) },
    )
    const plan = await source.resolve(modelAt(server, { host: 'docker.io' }))
    assert.deepEqual(asked(server), [
      'registry-1.docker.io nobody',
      `auth.docker.io ${basic}`,
      'registry-1.docker.io Bearer t1',
    ])
    assert.match(plan.blobs[0]?.url ?? '', /^https:\/\/registry-1\.docker\.io\/v2\/library\/m\/blobs\/sha256:/)
    await close()
  })

  it('a registry of https may not send us to http or to an address inside', async () => {
    let realm = ''
    const { source, server, close } = await internet(() => bearer(realm))
    for (const bad of [
      'http://registry.ollama.ai/token',
      'https://127.0.0.1/t',
      'https://[::1]/t',
      'https://10.0.0.1/t',
    ]) {
      realm = bad
      await fails(source.resolve(modelAt(server, { host: 'registry.ollama.ai' })), 'realm-refused')
    }
    assert.deepEqual(new Set(asked(server)), new Set(['registry.ollama.ai nobody']))
    await close()
  })
})
