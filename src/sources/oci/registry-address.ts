import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'
import type { ModelName } from '../../core/model-name.ts'

/** Names under which Docker Hub is written, all answered by one API host. */
const hubHosts: readonly string[] = ['docker.io', 'index.docker.io', 'registry-1.docker.io']
const hubApi = 'registry-1.docker.io'
const hubKey = 'https://index.docker.io/v1/'

/** Hosts that answer 401 or 403 for what is private and for what does not exist alike. */
const secretive: readonly string[] = [hubApi, 'hf.co', 'huggingface.co', 'ghcr.io', 'registry.ollama.ai']

/** The origin that the API of a registry is asked at. Throws `bad-model-name` for a host that is none. */
export function registryUrl({ scheme, host }: Pick<ModelName, 'scheme' | 'host'>): URL {
  const name = hubHosts.includes(host.toLowerCase()) ? hubApi : host
  const url = /[\s/\\@?#%]/.test(name) ? null : URL.parse(`${scheme}://${name}`)
  if (url === null || url.port === '0') throw new SluiceError('bad-model-name', `"${excerpt(host)}" is no host.`)
  return url
}

/**
 * Address of a manifest or a blob (distribution-spec, end-2 and end-3). Throws `bad-model-name` where the path would not
 * arrive as it is written.
 */
export function contentUrl(registry: URL, repository: string, kind: 'manifests' | 'blobs', reference: string): URL {
  const path = `/v2/${repository}/${kind}/${reference}`
  const url = URL.parse(path, registry)
  if (url === null || url.pathname !== path || url.origin !== registry.origin || /\/\/|[^\w./:@+-]/.test(path)) {
    throw new SluiceError('bad-model-name', `"${excerpt(`${repository}:${reference}`)}" cannot be asked for.`)
  }
  return url
}

export function hidesWhatIsPrivate(registry: URL): boolean {
  return secretive.includes(registry.hostname)
}

/** What `docker login` takes, for hints. */
export function loginName(registry: URL): string {
  return registry.host === hubApi ? '' : ` ${registry.host}`
}

/** How a registry is called in configuration files, and by a program that keeps logins. */
export interface CredentialNames {
  /** Keys of `auths`, best first: host/namespace/repository, host/namespace, host. */
  readonly keys: readonly string[]
  /** Hosts that a key in the form of an address may have. */
  readonly hosts: readonly string[]
  /** What a credential helper is asked for. */
  readonly server: string
}

export function credentialNames(registry: URL, repository: string): CredentialNames {
  const isHub = hubHosts.includes(registry.host)
  const hosts = isHub ? hubHosts : [registry.host]
  const folders = repository.split('/')
  const paths = folders.map((_, index) => `/${folders.slice(0, folders.length - index).join('/')}`)
  const keys = [...paths, ''].flatMap((path) => hosts.map((host) => `${host}${path}`))
  return { keys: isHub ? [...keys, hubKey] : keys, hosts, server: isHub ? hubKey : registry.host }
}
