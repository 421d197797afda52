import type { Descriptor, Manifest, Platform } from '../core/manifest.ts'
import type { ModelName } from '../core/model-name.ts'
import type { Authorize } from '../wire/types.ts'

/** One blob of a model: its descriptor and where it is fetched from. Equal digests are one blob. */
export interface BlobSpec extends Descriptor {
  readonly url: string
}

/** What a reference of a model leads to: all that is needed to fetch and install it. */
export interface ModelPlan {
  /** With the registry that it really came from. */
  readonly name: ModelName
  /** As sent: its SHA-256 is `digest`. */
  readonly manifestBytes: Uint8Array
  readonly manifest: Manifest
  readonly digest: string
  /** Config first, then the layers in their order; each digest once. */
  readonly blobs: readonly BlobSpec[]
  /** The platform that was chosen from an index, null where there was no choice. */
  readonly platform: Platform | null
  readonly authorize: Authorize
}

export interface ResolveOptions {
  /** Default: linux and this machine's architecture. */
  readonly platform?: Platform
  readonly signal?: AbortSignal
}

/**
 * A registry source: turns a name into a plan. Writes nothing. Errors: `model-not-found` (404), `no-platform` (an index
 * without that platform; the sentence lists its choices), `bad-manifest` (what was sent is no manifest, or not the one
 * asked for), `http-unauthorized`, `http-forbidden`, `http-status` (others, with the registry's own words),
 * `realm-refused` (a token server that must not have the credentials), and those of the network.
 */
export interface ModelSource {
  resolve(name: ModelName, options?: ResolveOptions): Promise<ModelPlan>
}
