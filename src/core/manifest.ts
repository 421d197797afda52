/** What a manifest says of one blob. Checked: the digest is anchored, the size a whole number from 0 to 2^53. */
export interface Descriptor {
  readonly mediaType: string
  /** `sha256:` and 64 lower-case hex digits. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
  readonly annotations: Readonly<Record<string, string>>
}

/** A manifest of one model or artifact (OCI image-spec `manifest.md`, Docker Image Manifest V2 Schema 2). */
export interface Manifest {
  readonly mediaType: string
  readonly artifactType: string | null
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations: Readonly<Record<string, string>>
}

export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** An index (OCI) or manifest list (Docker): one manifest for each platform. */
export interface ManifestIndex {
  readonly mediaType: string
  readonly manifests: ReadonlyArray<Descriptor & { readonly platform: Platform | null }>
}
