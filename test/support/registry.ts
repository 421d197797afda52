import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needCommand } from './debian.ts'
import type { FixtureModel } from './model-fixture.ts'
import { storeModel } from './registry-storage.ts'
import type { TokenIssuer } from './token-issuer.ts'

/** User and password that a registry with `auth: 'basic'` takes. */
export const basicUser = { name: 'reader', password: 'an open: secret' }

/** `htpasswd -nbBC 4` of `basicUser`: the one form that docker-registry reads is bcrypt, which Node has not. */
const htpasswdLine = 'reader:$2y$04$HPnGSaZy216LGakVnN8hGuO8RSnzbxBRVmLdyBK29dG2RDinNu7T2'

export interface RegistryOptions {
  /** Folder of the storage; default one of its own, which goes with the registry. */
  readonly storage?: string
  /** Default none. An issuer: its tokens are asked for and checked. */
  readonly auth?: 'none' | 'basic' | TokenIssuer
  /** Origin of another registry, whose content this one fetches and keeps. */
  readonly proxyOf?: string
  /** Serves HTTPS with this. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** A real docker-registry on loopback. */
export interface Registry extends AsyncDisposable {
  /** Origin without a final slash. */
  readonly url: string
  /** Its host and port, as names of models have it. */
  readonly host: string
  readonly storageDir: string
  /** Everything it said so far. */
  log(): string
  /** Puts a model in place; `from` has paths of files that hold blobs already, by digest. */
  push(model: FixtureModel, from?: Readonly<Record<string, string>>): Promise<void>
}

/** Starts a docker-registry on a port that the system chooses and waits until it listens. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const command = needCommand({ command: 'docker-registry', package: 'docker-registry' })
  const folder = await mkdtemp(join(tmpdir(), 'sluice-registry-'))
  const storageDir = options.storage ?? join(folder, 'storage')
  try {
    await mkdir(storageDir, { recursive: true })
    await writeFile(join(folder, 'htpasswd'), `${htpasswdLine}\n`)
    if (options.tls !== undefined) {
      await writeFile(join(folder, 'cert.pem'), options.tls.cert)
      await writeFile(join(folder, 'key.pem'), options.tls.key)
    }
    await writeFile(join(folder, 'registry.yml'), configuration(folder, storageDir, options))
    return await launch(command, folder, storageDir, options)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

async function launch(
  command: string,
  folder: string,
  storageDir: string,
  { tls }: RegistryOptions,
): Promise<Registry> {
  // Variables of the name REGISTRY_* would change its settings.
  const child = spawn(command, ['serve', join(folder, 'registry.yml')], {
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  // A test run that crashes leaves no server behind.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  }
  const port = await listening(child, () => said)
  const host = `127.0.0.1:${port}`
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host}`,
    host,
    storageDir,
    log: () => said,
    push: (model, from) => storeModel(storageDir, model, from),
    async [Symbol.asyncDispose]() {
      process.off('exit', kill)
      child.kill('SIGKILL')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The port that its log tells, once it listens there. */
async function listening(child: ChildProcess, said: () => string): Promise<number> {
  const limit = AbortSignal.timeout(60_000)
  for (;;) {
    const [, port] = /listening on 127\.0\.0\.1:(\d+)/.exec(said()) ?? []
    if (port !== undefined) return Number(port)
    if (child.exitCode !== null || limit.aborted) {
      child.kill('SIGKILL')
      throw new Error(`docker-registry does not start: ${said()}`)
    }
    const more = [child.stdout, child.stderr].flatMap((stream) => (stream === null ? [] : [once(stream, 'data')]))
    await Promise.race([...more, once(child, 'exit'), once(limit, 'abort')])
  }
}

/** JSON is YAML too. */
function configuration(folder: string, storageDir: string, options: RegistryOptions): string {
  const { auth = 'none', proxyOf, tls } = options
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storageDir }, delete: { enabled: true } },
    http: {
      addr: '127.0.0.1:0',
      relativeurls: true,
      ...(tls === undefined ? {} : { tls: { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') } }),
    },
    ...(proxyOf === undefined ? {} : { proxy: { remoteurl: proxyOf } }),
    ...(auth === 'none' ? {} : { auth: authOf(folder, auth) }),
  })
}

function authOf(folder: string, auth: 'basic' | TokenIssuer): object {
  if (auth === 'basic') return { htpasswd: { realm: 'a test', path: join(folder, 'htpasswd') } }
  return {
    token: {
      realm: auth.realm,
      service: auth.service,
      issuer: auth.issuer,
      rootcertbundle: auth.certificate,
    },
  }
}
