import type { Manifest } from '../../core/manifest.ts'
import type { ModelName } from '../../core/model-name.ts'
import { hostPlatform } from '../../core/platform.ts'
import type { AddressKind } from '../../wire/address-policy.ts'
import type { ApiClient } from '../../wire/api-request.ts'
import type { RetryOptions } from '../../wire/api-retry.ts'
import type { BlobSpec, ModelSource } from '../types.ts'
import { createAddressJudge } from './address-judge.ts'
import { contentUrl, registryUrl } from './registry-address.ts'
import { openLogin } from './registry-login.ts'
import { resolveManifest } from './resolve-manifest.ts'
import { createTokenCache } from './token-cache.ts'

export interface RegistrySourceOptions {
  /** Not closed by the source. */
  readonly api: ApiClient
  /** For HF_TOKEN, the places of docker's and podman's logins, and the programs that keep these. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number
  /** Of the engine: see `makeAddressPolicy`. Default false. */
  readonly allowPrivate?: boolean
  readonly publicOnly?: boolean
  /** Further attempts for a manifest or a token; default 3. */
  readonly retries?: number
  /** For tests. */
  readonly classify?: (address: string) => AddressKind
  readonly random?: RetryOptions['random']
  readonly sleep?: RetryOptions['sleep']
}

/**
 * The source of models in the Ollama registry and in any registry that speaks the distribution specification. Logins are
 * looked for only when a registry asks; tokens are shared by all plans of one source.
 */
export function openRegistrySource(options: RegistrySourceOptions): ModelSource {
  const { allowPrivate = false, api, env, now = Date.now, publicOnly = false, random, retries, sleep } = options
  const tokens = createTokenCache(now)
  const asking = { api, retry: { retries, now, random, sleep } }
  const policy = { allowPrivate, publicOnly, ...(options.classify === undefined ? {} : { classify: options.classify }) }

  return {
    async resolve(name, { platform, signal } = {}) {
      const registry = registryUrl(name)
      const { repository } = name
      const what = shown(name)
      const addresses = createAddressJudge(registry, policy)
      const login = openLogin({ asking, env, tokens, now, registry, repository, what, addresses })
      const place = { asking, login, addresses, registry, repository, signal }
      const reference = name.digest ?? name.tag ?? 'latest'
      const found = await resolveManifest(place, reference, platform ?? hostPlatform(process.arch))
      return {
        name,
        manifestBytes: found.bytes,
        manifest: found.manifest,
        digest: found.digest,
        blobs: blobsOf(found.manifest, registry, repository),
        platform: found.platform,
        authorize: login.authorize,
      }
    },
  }
}

/** Config first, then the layers; each digest once. */
function blobsOf(manifest: Manifest, registry: URL, repository: string): BlobSpec[] {
  const blobs = new Map<string, BlobSpec>()
  for (const descriptor of [manifest.config, ...manifest.layers]) {
    const { digest } = descriptor
    const url = contentUrl(registry, repository, 'blobs', digest).href
    if (!blobs.has(digest)) blobs.set(digest, { ...descriptor, url })
  }
  return [...blobs.values()]
}

function shown({ digest, kind, repository, tag }: ModelName): string {
  const short = kind === 'ollama' ? repository.replace(/^library\//, '') : repository
  return digest === null ? `${short}:${tag ?? 'latest'}` : `${short}@${digest}`
}
