import { SluiceError } from '../../src/core/errors.ts'
import type { ErrorCode, ErrorDetails } from '../../src/core/errors.ts'
import type { Engine, EngineOptions, FileRequest, TransferEvent } from '../../src/transfer/types.ts'

/** A transfer that does what the test says. */
export interface Job {
  readonly key: string
  readonly request: FileRequest
  readonly stopped: boolean
  start(bytesTotal: number | null, filename?: string): void
  progress(bytesDone: number, speed?: number): void
  finish(bytes?: number): void
  fail(code: ErrorCode, details?: ErrorDetails): void
  retry(attempt: number): void
  /** Lets go after it was stopped; only where the engine is `slow` to stop. */
  letGo(): void
}

export interface ScriptedEngine extends Engine {
  options: EngineOptions | null
  /** Running now, stopped ones that have not let go included. */
  readonly jobs: readonly Job[]
  /** Keys in the order in which they were started. */
  readonly started: readonly string[]
  /** Calls of `setLimitRate`, `adjust` and so on, as text. */
  readonly calls: readonly string[]
  /** What `stored` tells by key. */
  readonly parts: Map<string, number>
  /** What `finished` tells by path. */
  readonly known: Map<string, { readonly size: number; readonly mtimeMs: number }>
  /** What a manager must never do: one download twice at once. */
  readonly faults: string[]
  /** Called when a transfer begins. */
  onStart: () => void
  /** Stopped transfers wait for `letGo`. */
  slow: boolean
  readonly most: number
  job(key: string): Job
  /** As `ManagerParts.engine` wants it. */
  readonly open: (options: EngineOptions) => Promise<Engine>
}

/** An engine that fetches nothing. */
export function scriptedEngine(): ScriptedEngine {
  const jobs = new Map<string, Job>()
  const started: string[] = []
  const calls: string[] = []
  const parts = new Map<string, number>()
  const faults: string[] = []
  const finished = new Map<string, { readonly size: number; readonly mtimeMs: number }>()
  let most = 0

  function get(
    request: FileRequest,
    { signal, onEvent = () => {} }: { signal?: AbortSignal; onEvent?: (event: TransferEvent) => void } = {},
  ): ReturnType<Engine['get']> {
    const { key = '', reference } = request
    if (jobs.has(key)) faults.push(`${key} runs twice at once`)
    started.push(key)
    let path = `${request.dir}/${request.output ?? 'file.bin'}`
    let bytesTotal: number | null = null
    return new Promise((resolve, reject) => {
      let stopped = false
      const end = (settle: () => void): void => {
        if (!jobs.delete(key)) return
        settle()
      }
      const interrupted = (): void => end(() => reject(new SluiceError('interrupted', 'The download was interrupted.')))
      signal?.addEventListener('abort', () => {
        stopped = true
        if (!engine.slow) queueMicrotask(interrupted)
      })
      jobs.set(key, {
        key,
        request,
        get stopped() {
          return stopped
        },
        start(total, filename) {
          bytesTotal = total
          if (filename !== undefined) path = `${request.dir}/${filename}`
          onEvent({
            type: 'start',
            id: 1,
            reference,
            url: reference,
            path,
            bytesTotal: total,
            resumedFrom: parts.get(key) ?? 0,
          })
        },
        progress(bytesDone, speed = 100) {
          parts.set(key, bytesDone)
          onEvent({ type: 'progress', id: 1, reference, bytesDone, bytesTotal, speed, eta: 1, connections: 1 })
        },
        finish: (bytes = bytesTotal ?? 1) =>
          end(() => {
            parts.delete(key)
            resolve({ reference, path, bytes, seconds: 1, verdict: 'length-only', digests: {}, alreadyThere: false })
          }),
        fail: (code, details) => end(() => reject(new SluiceError(code, 'It failed.', details))),
        retry: (attempt) =>
          onEvent({ type: 'retry', id: 1, reference, code: 'stalled', message: 'It stalled.', delay: 1, attempt }),
        letGo: interrupted,
      })
      most = Math.max(most, jobs.size)
      engine.onStart()
    })
  }

  const engine: ScriptedEngine = {
    options: null,
    known: finished,
    slow: false,
    faults,
    onStart: () => undefined,
    parts,
    started,
    calls,
    get jobs() {
      return [...jobs.values()]
    },
    get most() {
      return most
    },
    job(key) {
      const job = jobs.get(key)
      if (job) return job
      throw new Error(`${key} does not run`)
    },
    open: async (options) => {
      engine.options = options
      return engine
    },
    get,
    preview: async ({ reference }) => ({
      reference,
      url: reference,
      filename: 'file.bin',
      size: 10,
      type: null,
      resumable: true,
      digestKnown: false,
    }),
    setLimitRate: (rate) => void calls.push(`rate ${rate}`),
    setHostConnections: (count) => void calls.push(`host ${count}`),
    adjust: (key, change) => void calls.push(`adjust ${key} ${JSON.stringify(change)}`),
    inspect: async () => ({ segments: [{ start: 0, end: 10, done: 5, active: true }], connections: [] }),
    stored: async (_dir, key) => {
      const bytesDone = parts.get(key)
      return bytesDone === undefined ? null : { bytesDone, bytesTotal: null, filename: 'file.bin', partPath: '' }
    },
    finished: async (path) => finished.get(path) ?? null,
    move: async ({ dir, name }) => `${dir}/${name}`,
    discard: async (_dir, key) => {
      calls.push(`discard ${key}`)
      parts.delete(key)
    },
    close: async () => void calls.push('close'),
  }
  return engine
}
