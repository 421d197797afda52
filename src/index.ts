import { parseChecksum } from './core/digest.ts'
import { createEngine } from './transfer/engine.ts'
import { ownPaths } from './config/paths.ts'
import type { Puller, Pulled, PullTarget } from './models/types.ts'
import type { EngineOptions, Finished, IfExists, Preview, Progress } from './transfer/types.ts'

export { SluiceError, errorKinds } from './core/errors.ts'
export type { ErrorCode, RetryClass } from './core/errors.ts'
export type { Finished, IfExists, Preview, Progress, TransferEvent, Verdict } from './transfer/types.ts'
export type { DigestAlgorithm } from './core/digest.ts'
export type { Pulled, PullFile, PullTarget } from './models/types.ts'

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

export interface PullOptions {
  /** Base URL of a registry for names without a host; default the Ollama registry. */
  readonly registry?: string
  /** `os/arch`; default linux and this machine's architecture. */
  readonly platform?: string
  /** Blobs at once, 1-32; default 4. */
  readonly concurrency?: number
  /** Default: ollama's models folder of this machine; files in `dir` for what is no model of ollama. Absolute folders. */
  readonly target?: PullTarget
  /** Aborting keeps what is here: the same call goes on from there. */
  readonly signal?: AbortSignal
  /** Of all blobs together. */
  readonly onProgress?: (progress: Progress) => void
}

export interface Sluice extends AsyncDisposable {
  /** Fetches a file. Rejects with a SluiceError. */
  get(reference: string, options?: GetOptions): Promise<Finished>
  /** Pulls a model from the Ollama registry or an OCI registry, every blob checked. Rejects with a SluiceError. */
  pull(model: string, options?: PullOptions): Promise<Pulled>
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
  let puller: Promise<Puller & { close(): Promise<void> }> | null = null

  async function openedPuller(): Promise<Puller> {
    puller ??= import('./models/open-puller.ts').then(({ openPuller }) =>
      openPuller({ engine: async () => engine, connection: engineOptions, env: process.env }),
    )
    return puller
  }

  async function close(): Promise<void> {
    await (await puller)?.close()
    await engine.close()
  }

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
    async pull(model, { signal, onProgress, ...wanted } = {}) {
      const { findModelsFolder } = await import('./models/model-library.ts')
      const request = { model, modelsDir: findModelsFolder(process.env), filesDir: dir, ...wanted }
      return (await openedPuller()).pull(request, {
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
