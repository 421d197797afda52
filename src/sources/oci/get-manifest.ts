import { SluiceError } from '../../core/errors.ts'
import type { ParsedManifest } from '../../core/manifest.ts'
import { parseManifest } from '../../core/manifest.ts'
import type { ApiAnswer } from '../../wire/api-answer.ts'
import { registryError } from './answer-error.ts'
import { askFor } from '../ask.ts'
import type { Asking } from '../ask.ts'
import type { AddressJudge } from './address-judge.ts'
import { contentUrl } from './registry-address.ts'
import type { RegistryLogin } from './registry-login.ts'

const { createHash } = process.getBuiltinModule('node:crypto')

/** Where manifests are asked for. */
export interface Repository {
  readonly asking: Asking
  readonly login: RegistryLogin
  readonly addresses: AddressJudge
  readonly registry: URL
  readonly repository: string
  readonly signal: AbortSignal | undefined
}

/** A manifest or an index as it was sent. */
export type Sent = ParsedManifest & { readonly bytes: Buffer; readonly digest: string }

/** Bytes (distribution-spec, "Pushing manifests"). */
export const maxManifestBytes = 4 * 1024 * 1024
/** A first token, and one in place of a token that was kept too long. */
const maxLogins = 2

const accept = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ')

/**
 * GETs one manifest or index by tag or digest, logging in as the registry asks. Its SHA-256 must be the digest asked for,
 * and by tag that of Docker-Content-Digest, where there is one. Errors: see `ModelSource`.
 */
export async function getManifestOrIndex(place: Repository, reference: string): Promise<Sent> {
  const answer = await askWithLogin(place, contentUrl(place.registry, place.repository, 'manifests', reference))
  if (answer.status !== 200) throw place.login.explain(registryError(answer, place.login.asked()))
  const bytes = answer.body
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const isDigest = reference.startsWith('sha256:')
  if (isDigest && digest !== reference)
    throw badManifest(place.registry, `sent something else than ${reference}: its digest is ${digest}`)
  const told = answer.headers.get('docker-content-digest')
  if (!isDigest && told !== null && !agrees(told, bytes)) {
    throw badManifest(place.registry, `sent a manifest that has another digest than it says: ${digest}`)
  }
  return { ...parseManifest(textOf(place, bytes), answer.headers.get('content-type')), bytes, digest }
}

async function askWithLogin({ addresses, asking, login, registry, signal }: Repository, url: URL): Promise<ApiAnswer> {
  let authorization = await login.authorize(null, signal)
  for (let logins = 0; ; logins++) {
    const answer = await askFor(asking, {
      url,
      headers: [['Accept', accept]],
      authorization,
      mayFollow: login.mayFollow,
      maxBytes: maxManifestBytes,
      newGuard: addresses.guard,
      signal,
    })
    // Another host that a redirect led to has no say in how to log in here.
    if (answer.status !== 401 || answer.url.origin !== registry.origin || logins === maxLogins) return answer
    const challenges = answer.headers.all('www-authenticate')
    const next = await login.authorize({ value: authorization, challenges }, signal)
    if (next === null) return answer
    authorization = next
  }
}

/** Digests of other algorithms than we know say nothing to us. */
function agrees(told: string, bytes: Buffer): boolean {
  const [, algorithm = '', hex = ''] = /^(sha256|sha512):([0-9a-f]+)$/i.exec(told.trim()) ?? []
  return algorithm === '' || createHash(algorithm.toLowerCase()).update(bytes).digest('hex') === hex.toLowerCase()
}

/** With a byte order mark, if there is one: that is no JSON to anybody who reads the manifest later. */
function textOf(place: Repository, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw badManifest(place.registry, 'sent a manifest that is no UTF-8 text', cause)
  }
}

export function badManifest(registry: URL, what: string, cause?: unknown): SluiceError {
  return new SluiceError('bad-manifest', `The registry ${registry.host} ${what}.`, cause === undefined ? {} : { cause })
}
