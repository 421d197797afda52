import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from 'node:test'
import { sourceLab } from '../../../test/support/source-lab.ts'
import { askHelper } from './credential-helper.ts'
import { findCredentials } from './find-credentials.ts'

const lab = sourceLab()
const registry = new URL('https://reg.test:5000')
const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') })

function write(folder: string, name: string, content: unknown): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** A folder for PATH with credential helpers: shell scripts by name. */
function helpers(scripts: Record<string, string>): string {
  const folder = lab.folder()
  for (const [name, script] of Object.entries(scripts)) {
    chmodSync(write(folder, `docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755)
  }
  return `${folder}${delimiter}${process.env['PATH'] ?? ''}`
}

describe('a login in a file', () => {
  const inDocker = async (config: unknown, url = registry, repository = 'ns/m') => {
    const home = lab.folder()
    write(join(home, '.docker'), 'config.json', config)
    return findCredentials(url, repository, { HOME: home })
  }

  it('is a user with a password, an identity token or a token of the registry', async () => {
    const read = async (entry: unknown): Promise<unknown> =>
      (await inDocker({ auths: { 'reg.test:5000': entry } })).credentials
    assert.deepEqual(await read(auth('al:ge:heim')), { kind: 'password', username: 'al', password: 'ge:heim' })
    assert.deepEqual(await read(auth('al:ge\u0000\u0000')), { kind: 'password', username: 'al', password: 'ge' })
    assert.deepEqual(await read({ username: 'é', password: 'x' }), { kind: 'password', username: 'é', password: 'x' })
    assert.deepEqual(await read({ ...auth('0:'), identitytoken: 'i' }), { kind: 'identity', username: '0', token: 'i' })
    assert.deepEqual(await read(auth('<token>:i')), { kind: 'identity', username: '', token: 'i' })
    assert.deepEqual(await read({ ...auth('a:b'), registrytoken: 'r' }), { kind: 'bearer', token: 'r' })
    for (const none of [{}, null, 7, { auth: 7 }, { auth: 'bm9jb2xvbg==' }]) assert.equal(await read(none), null)
  })

  it('is found by the longest key, and by an address of old', async () => {
    const auths = {
      'reg.test:5000': auth('host:x'),
      'reg.test:5000/ns': auth('ns:x'),
      'reg.test:5000/ns/m': auth('m:x'),
    }
    const user = async (repository: string): Promise<unknown> =>
      (await inDocker({ auths }, registry, repository)).credentials
    assert.deepEqual(await user('ns/m'), { kind: 'password', username: 'm', password: 'x' })
    assert.deepEqual(await user('ns/mm'), { kind: 'password', username: 'ns', password: 'x' })
    assert.deepEqual(await user('nss/m'), { kind: 'password', username: 'host', password: 'x' })
    for (const key of ['https://reg.test:5000', 'http://reg.test:5000/v1/', 'https://REG.test:5000/v2/']) {
      assert.notEqual((await inDocker({ auths: { [key]: auth('a:b') } })).credentials, null, key)
    }
    for (const key of ['reg.test', 'https://reg.test:5000/other', 'x.reg.test:5000', 'https://x@reg.test:5000']) {
      assert.equal((await inDocker({ auths: { [key]: auth('a:b') } })).credentials, null, key)
    }
  })

  it('of Docker Hub has the old address or docker.io', async () => {
    const hub = new URL('https://registry-1.docker.io')
    for (const key of ['https://index.docker.io/v1/', 'docker.io', 'docker.io/library', 'index.docker.io']) {
      assert.notEqual((await inDocker({ auths: { [key]: auth('a:b') } }, hub, 'library/m')).credentials, null, key)
    }
  })

  it('is looked for in REGISTRY_AUTH_FILE, then with docker, then with podman', async () => {
    const [home, config, runtime] = [lab.folder(), lab.folder(), lab.folder()]
    const auths = (user: string): unknown => ({ auths: { 'reg.test:5000': auth(`${user}:x`) } })
    const named = write(lab.folder(), 'mine.json', auths('named'))
    write(join(runtime, 'containers'), 'auth.json', auths('podman'))
    const user = async (env: Record<string, string>): Promise<unknown> => {
      const { credentials } = await findCredentials(registry, 'm', { HOME: home, ...env })
      return credentials?.kind === 'password' ? credentials.username : null
    }
    assert.equal(await user({}), null)
    assert.equal(await user({ XDG_RUNTIME_DIR: runtime }), 'podman')
    write(join(home, '.docker'), 'config.json', auths('docker'))
    assert.equal(await user({ XDG_RUNTIME_DIR: runtime }), 'docker')
    write(config, 'config.json', auths('other docker'))
    assert.equal(await user({ DOCKER_CONFIG: config }), 'other docker')
    assert.equal(await user({ DOCKER_CONFIG: config, REGISTRY_AUTH_FILE: named }), 'named')
  })

  it('that cannot be read is told without its content, and the next file is looked at', async () => {
    for (const content of ['{"auths": geheim', '[]', '"geheim"', `{"x":"${'geheim'.repeat(200_000)}"}`]) {
      const runtime = lab.folder()
      write(join(runtime, 'containers'), 'auth.json', { auths: { 'reg.test:5000': auth('a:b') } })
      const named = write(lab.folder(), 'bad.json', content)
      const env = { HOME: lab.folder(), REGISTRY_AUTH_FILE: named, XDG_RUNTIME_DIR: runtime }
      const { credentials, problems } = await findCredentials(registry, 'm', env)
      assert.equal(credentials?.kind, 'password')
      assert.equal(problems.length, 1)
      assert.doesNotMatch(problems.join(' '), /geheim/)
    }
    const { problems } = await findCredentials(registry, 'm', { HOME: lab.folder(), REGISTRY_AUTH_FILE: lab.folder() })
    assert.match(problems.join(' '), /cannot be read \(EISDIR\)/)
  })
})

describe('a login kept by a program', () => {
  const config = (content: unknown): string => {
    const home = lab.folder()
    write(join(home, '.docker'), 'config.json', content)
    return home
  }
  const sample = {
    credsStore: 'all',
    credHelpers: { 'reg.test:5000': 'own' },
    auths: { 'reg.test:5000': auth('file:x') },
  }

  it('is asked for with the host on standard input; that of the host wins over that for all, both over the file', async () => {
    const answer = (user: string): string =>
      `read host; printf '{"ServerURL":"%s","Username":"${user} %s %s","Secret":"s"}' x "$1" "$host"`
    const PATH = helpers({ all: answer('all'), own: answer('own') })
    const user = async (url: URL): Promise<unknown> => {
      const { credentials } = await findCredentials(url, 'm', { HOME: config(sample), PATH })
      return credentials?.kind === 'password' ? credentials.username : null
    }
    assert.equal(await user(registry), 'own get reg.test:5000')
    assert.equal(await user(new URL('https://other.test')), 'all get other.test')
    assert.equal(await user(new URL('https://registry-1.docker.io')), 'all get https://index.docker.io/v1/')
  })

  it('may be an identity token, or none: then the file counts', async () => {
    const one = { credsStore: 'h', auths: { 'reg.test:5000': auth('file:x') } }
    const found = (script: string) =>
      findCredentials(registry, 'm', { HOME: config(one), PATH: helpers({ h: script }) })
    const identity = await found(`echo '{"Username":"<token>","Secret":"i"}'`)
    assert.deepEqual(identity.credentials, { kind: 'identity', username: '', token: 'i' })
    for (const script of [
      'echo "credentials not found in native keychain"; exit 1',
      'echo credentials not found >&2; exit 1',
    ]) {
      const none = await found(script)
      assert.deepEqual([none.credentials?.kind, none.problems], ['password', []])
    }
  })

  it('that fails, talks nonsense or is not there is told without its words', async () => {
    for (const [script, words] of [
      ['echo geheim; exit 3', /^docker-credential-h failed \(3\)\.$/],
      ['echo geheim', /gave no JSON/],
      ['kill -9 $$', /failed \(killed\)/],
      ['yes geheim', /writes more than a login/],
    ] as const) {
      const env = { HOME: config({ credsStore: 'h' }), PATH: helpers({ h: script }) }
      const { credentials, problems } = await findCredentials(registry, 'm', env)
      assert.deepEqual([credentials, problems.length], [null, 1])
      assert.match(problems[0] ?? '', words)
    }
    const env = { HOME: config({ credsStore: 'absent' }), PATH: lab.folder() }
    assert.deepEqual((await findCredentials(registry, 'm', env)).problems, ['docker-credential-absent is not there.'])
  })

  it('is not run by a name that could be anything else', async () => {
    for (const name of ['../x', 'a b', 'a;touch /tmp/x', '', 'a/b', 'ä']) {
      await assert.rejects(askHelper(name, 'h', {}), /no name of a credential helper/)
    }
    const { problems } = await findCredentials(registry, 'm', { HOME: config({ credsStore: '$(id)' }) })
    assert.match(problems.join(' '), /no name of a credential helper/)
  })

  it('is not waited for too long, even if a child of its own goes on', async () => {
    const PATH = helpers({ slow: 'sleep 40 & sleep 40' })
    const started = performance.now()
    await assert.rejects(askHelper('slow', 'h', { PATH }, 100), /gave no answer within 0\.1 s/)
    assert.ok(performance.now() - started < 30_000)
  })

  it('gets a host that nobody reads without trouble', async () => {
    const PATH = helpers({ deaf: `exec <&-; echo '{"Username":"u","Secret":"s"}'` })
    assert.equal((await askHelper('deaf', 'h'.repeat(100_000), { PATH }))?.kind, 'password')
  })
})
