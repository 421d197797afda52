import { parseChecksum } from './core/digest.ts'
import { createEngine } from './transfer/engine.ts'
import { ownPaths } from './config/paths.ts'
import type { EngineOptions, Finished, IfExists, Preview, Progress } from './transfer/types.ts'

export { SluiceError, errorKinds } from './core/errors.ts'
export type { ErrorCode, RetryClass } from './core/errors.ts'
export type { Finished, IfExists, Preview, Progress, TransferEvent, Verdict } from './transfer/types.ts'
export type { DigestAlgorithm } from './core/digest.ts'

/** Options of a Sluice; durations in milliseconds, rates in bytes per second. */
export interface SluiceOptions {
  /** Folder for files; default the current one. */
  readonly dir?: string
  /** Folder for what is remembered between runs; default the user's data folder. */
  readonly dataDir?: string
  /** Cap of connections per file, 1-32; found out when left away. */
  readonly connections?: number
  readonly limitRate?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly userAgent?: string
  /** Further attempts without progress; default 5. */
  readonly retries?: number
  readonly connectTimeout?: number
  readonly stallTimeout?: number
  /** Default `rename`: `name (1).ext`. */
  readonly ifExists?: IfExists
  readonly proxy?: string
  /** Follow redirects from public to private addresses; default false. */
  readonly allowPrivate?: boolean
}

export interface GetOptions {
  /** `sha256:HEX`, also md5, sha1, sha512. */
  readonly checksum?: string
  readonly dir?: string
  /** File name; may contain folders below `dir`. */
  readonly output?: string
  /** Further URLs of the same file. */
  readonly mirrors?: readonly string[]
  /** Aborting keeps the part: the same call goes on from there. */
  readonly signal?: AbortSignal
  /** At most ten times a second. */
  readonly onProgress?: (progress: Progress) => void
}

export interface Sluice extends AsyncDisposable {
  /** Fetches a file. Rejects with a SluiceError. */
  get(reference: string, options?: GetOptions): Promise<Finished>
  /** Name, size and type; writes nothing. */
  preview(reference: string): Promise<Preview>
  /** Bytes per second for all downloads together, undefined for no cap; applies at once. */
  setLimitRate(bytesPerSecond: number | undefined): void
  /** Waits for running downloads and closes connections. */
  close(): Promise<void>
}

/** Opens a Sluice: one pool of connections, one rate cap, for any number of downloads at once. */
export async function createSluice(options: SluiceOptions = {}): Promise<Sluice> {
  const { dir = '.', dataDir = ownPaths(process.env).data, headers = {}, dir: _, dataDir: __, ...rest } = options
  const engineOptions: EngineOptions = {
    retries: 5,
    ifExists: 'rename',
    insecure: false,
    family: 0,
    allowPrivate: false,
    allowHtml: false,
    ifChanged: 'fail',
    sync: true,
    ...rest,
    headers: Object.entries(headers),
    dataDir,
  }
  const engine = await createEngine(engineOptions)
  const close = (): Promise<void> => engine.close()
  return {
    get(reference, { checksum, signal, onProgress, mirrors = [], output, dir: own = dir } = {}) {
      const request = {
        reference,
        dir: own,
        mirrors,
        digests: checksum === undefined ? [] : [parseChecksum(checksum)],
        ...(output === undefined ? {} : { output }),
      }
      return engine.get(request, {
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onEvent: (event) => event.type === 'progress' && onProgress(event) } : {}),
      })
    },
    preview: (reference) => engine.preview({ reference, dir, mirrors: [], digests: [] }),
    setLimitRate: (rate) => engine.setLimitRate(rate),
    close,
    [Symbol.asyncDispose]: close,
  }
}
