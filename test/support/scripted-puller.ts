import { SluiceError } from '../../src/core/errors.ts'
import type { ErrorCode, ErrorDetails } from '../../src/core/errors.ts'
import type { PullEvent, Pulled, Puller, PullFile, PullPreview, PullRequest } from '../../src/models/types.ts'
import type { EngineOptions } from '../../src/transfer/types.ts'

/** A pull that does what the test says. */
export interface PullJob {
  readonly key: string
  readonly request: PullRequest
  readonly stopped: boolean
  tell(event: PullEvent): void
  /** Its manifest is here: `files`, `start` and `phase` are told. */
  start(files: readonly PullFile[], path: string): void
  progress(bytesDone: number): void
  finish(more?: Partial<Pulled>): void
  fail(code: ErrorCode, message?: string, details?: ErrorDetails): void
}

export interface ScriptedPuller extends Puller {
  connection: EngineOptions | null
  readonly jobs: readonly PullJob[]
  /** What `discard` was asked for. */
  readonly discarded: PullRequest[]
  readonly previewed: PullRequest[]
  /** What a preview waits for. */
  onPreview: () => Promise<void>
  /** What `preview` tells. */
  plan: PullPreview
  /** How often one was opened, and closed. */
  opened: number
  closed: number
  job(key: string): PullJob
  /** As `ManagerParts.puller` wants it. */
  readonly open: (parts: { readonly connection: EngineOptions }) => Promise<Puller & { close(): Promise<void> }>
}

/** One blob, named by two hex digits. */
export function pullFile(name: string, bytesTotal: number, more: Partial<PullFile> = {}): PullFile {
  return {
    title: `blob ${name}`,
    path: `/models/.sluice/partial/sha256-${name}`,
    digest: `sha256:${name.repeat(32)}`,
    mediaType: 'application/vnd.ollama.image.model',
    bytesDone: 0,
    bytesTotal,
    status: 'queued',
    verdict: null,
    alreadyThere: false,
    ...more,
  }
}

/** A puller that fetches nothing. */
export function scriptedPuller(): ScriptedPuller {
  const jobs = new Map<string, PullJob>()

  function pull(
    request: PullRequest,
    { signal, onEvent = () => {} }: { signal?: AbortSignal; onEvent?: (event: PullEvent) => void } = {},
  ): Promise<Pulled> {
    const { key = '', model: reference } = request
    let told: { path: string; files: readonly PullFile[] } = { path: '', files: [] }
    const total = (): number => told.files.reduce((sum, file) => sum + file.bytesTotal, 0)
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        if (jobs.delete(key)) settle()
      }
      signal?.addEventListener('abort', () =>
        queueMicrotask(() => end(() => reject(new SluiceError('interrupted', 'The pull was interrupted.')))),
      )
      jobs.set(key, {
        key,
        request,
        get stopped() {
          return signal?.aborted ?? false
        },
        tell: onEvent,
        start(files, path) {
          told = { files, path }
          onEvent({ type: 'phase', phase: 'resolving' })
          onEvent({ type: 'files', files })
          onEvent({ type: 'start', id: 0, reference, url: '', path, bytesTotal: total(), resumedFrom: 0 })
          onEvent({ type: 'phase', phase: 'downloading' })
        },
        progress(bytesDone) {
          const numbers = { bytesDone, bytesTotal: total(), speed: 100, eta: 1, connections: 2 }
          onEvent({ type: 'progress', id: 0, reference, ...numbers })
        },
        finish: (more = {}) =>
          end(() =>
            resolve({
              reference,
              path: told.path,
              bytes: total(),
              seconds: 1,
              verdict: 'verified',
              digests: {},
              alreadyThere: false,
              name: reference,
              manifestDigest: `sha256:${'ab'.repeat(32)}`,
              files: told.files.map((file) => ({
                ...file,
                status: 'completed',
                bytesDone: file.bytesTotal,
                verdict: 'verified',
              })),
              ...more,
            }),
          ),
        fail: (code, message = 'It failed.', details = {}) =>
          end(() => reject(new SluiceError(code, message, details))),
      })
    })
  }

  const puller: ScriptedPuller = {
    connection: null,
    discarded: [],
    previewed: [],
    onPreview: async () => undefined,
    opened: 0,
    closed: 0,
    plan: {
      name: 'llama3.2:1b',
      manifestDigest: `sha256:${'ab'.repeat(32)}`,
      platform: null,
      target: { kind: 'store', dir: '/models' },
      bytesTotal: 1500,
      bytesHere: 500,
      bytesMissing: 1000,
      freeSpace: null,
      files: [],
    },
    get jobs() {
      return [...jobs.values()]
    },
    job(key) {
      const job = jobs.get(key)
      if (job) return job
      throw new Error(`${key} is not being pulled`)
    },
    open: async ({ connection }) => {
      puller.connection = connection
      puller.opened++
      return { ...puller, close: async () => void puller.closed++ }
    },
    pull,
    preview: async (request) => {
      puller.previewed.push(request)
      await puller.onPreview()
      return puller.plan
    },
    discard: async (request) => void puller.discarded.push(request),
  }
  return puller
}
