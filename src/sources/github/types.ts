import type { Release, ReleaseAsset } from '../../core/release.ts'

export interface ListOptions {
  /** Releases in one answer, 1 to 30; default 10. */
  readonly perPage?: number
  /** Answers to ask for at most, 1 to 10; default 1. */
  readonly pages?: number
  /** No further page is asked for once this is true of a release. */
  readonly enough?: (release: Release) => boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * The releases of repositories at GitHub, at a GitHub Enterprise Server or at a mirror. `repository` is owner/name. The
 * token goes to the API alone. Answers are kept (`cacheDir`): one that is still right costs no download, and where the
 * API cannot be asked or its limit is used up the kept one is given, with a warning. Errors: `usage` (a name that is
 * none), `release-not-found`, `rate-limited`, `http-unauthorized`, `http-forbidden`, `http-status`, `not-the-file` (a web
 * page), `bad-manifest` (no release, or one that is not to be trusted), `redirect-refused`, `answer-too-large`, and those
 * of the network.
 */
export interface GithubReleases {
  /** The release that is marked as the latest; never a prerelease. */
  latest(repository: string, signal?: AbortSignal): Promise<Release>
  byTag(repository: string, tag: string, signal?: AbortSignal): Promise<Release>
  /** In the order of the server, newest first; prereleases too, drafts never. */
  list(repository: string, options?: ListOptions): Promise<readonly Release[]>
  /**
   * A small file of a release, as UTF-8: an asset, whose size and digest are compared, or an address by `directUrl`. Asked
   * for without the API and without the token. Errors: `asset-not-found`, `answer-too-large` (more than `maxBytes`),
   * `digest-mismatch`, `size-mismatch`, `not-the-file` (no text, or a web page).
   */
  text(source: ReleaseAsset | string, maxBytes: number, signal?: AbortSignal): Promise<string>
  /** Where an asset is whose tag and name are known; nothing is asked. A null tag stands for the latest release. */
  directUrl(repository: string, tag: string | null, name: string): string
  /** The tag of the latest release, by where its page redirects to: costs nothing of the API's limit. */
  latestTagWithoutApi(repository: string, signal?: AbortSignal): Promise<string>
}
