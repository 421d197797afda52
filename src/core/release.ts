/** A file of a release (GitHub REST API, "Get a release"). Checked: names are what they say, digests are digests. */
export interface ReleaseAsset {
  readonly name: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex, null where the server tells none. Ask `assetSha256`, which looks at `badDigest` too. */
  readonly sha256: string | null
  /** What the server tells as digest, where that is none: this asset must not be taken. Printable. */
  readonly badDigest?: string
  /** Where the bytes are: `browser_download_url`. */
  readonly url: string
  /** False while it is still being uploaded. */
  readonly uploaded: boolean
  /** What the server takes it for, as `application/zip`; absent where it tells none. */
  readonly mediaType?: string
}

export interface Release {
  /** owner/name as the server spells it now. */
  readonly repository: string
  readonly tag: string
  readonly name: string
  readonly prerelease: boolean
  /** ISO 8601, null for what is not published. */
  readonly publishedAt: string | null
  readonly assets: readonly ReleaseAsset[]
  /** It comes from a cache, as the server could not be asked or said that nothing changed. */
  readonly fromCache: boolean
}

/** A platform as libraries are built for it. */
export interface TargetPlatform {
  readonly os: 'linux' | 'darwin' | 'windows'
  readonly arch: 'amd64' | 'arm64'
}
