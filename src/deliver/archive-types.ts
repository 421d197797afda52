/** What a tree of files from an archive holds; paths relative with `/`, in order. */
export interface TreeEntry {
  readonly path: string
  readonly kind: 'file' | 'link'
  /** Bytes; of a link 0. */
  readonly size: number
  /** SHA-256 in hex; of a link ''. */
  readonly sha256: string
  /** 0o644 or 0o755. */
  readonly mode: number
  /** Of a link: what it points to, as written. */
  readonly target?: string
}

export interface UnpackLimits {
  readonly entries: number
  readonly fileBytes: number
  readonly totalBytes: number
  /** Unpacked to packed, once more than 64 MiB were unpacked. */
  readonly ratio: number
}

export interface UnpackRequest {
  /** Path of the archive; its format is found by its first bytes. */
  readonly archive: string
  /** A folder that does not exist; it is made, and gone again after any failure. */
  readonly into: string
  readonly limits?: Partial<UnpackLimits>
  readonly signal?: AbortSignal
  /** Which entries are wanted, by their path; default all. Those not wanted are checked all the same. */
  readonly wanted?: (path: string) => boolean
  /** Links become copies (Windows, disks without links); default on Windows. */
  readonly copyLinks?: boolean
  /** Mends the links of archives whose targets lost their beginning; default false. */
  readonly mendLinks?: (path: string, target: string) => string | null
  readonly onWarning?: (message: string) => void
}

export interface Unpacked {
  readonly entries: readonly TreeEntry[]
  /** Bytes written. */
  readonly bytes: number
}
