import { Worker } from 'node:worker_threads'
import { SluiceError } from '../core/errors.ts'
import { errorData, errorFrom } from './engine-messages.ts'
import type { Call, EngineThreadData, ErrorData, FromThread, ToThread } from './engine-messages.ts'
import { createAsks } from './thread-authorize.ts'
import type { Asks } from './thread-authorize.ts'
import type { Engine, EngineOptions, Finished, Inspection, Preview } from './types.ts'
import type { StoredPart } from './types.ts'

/** MiB of the thread's heap. Little for the young keeps it small; bytes of files are not in the heap. */
const heap = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 512 }

interface Pending {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: SluiceError) => void
  readonly onEvent: NonNullable<Given['onEvent']>
  readonly authorize: Given['authorize']
  readonly reference: string
}

/** What a call is given besides its request. */
type Given = NonNullable<Parameters<Engine['get']>[1]>

/** One thread from its start to its end. */
interface Thread {
  readonly worker: Worker
  readonly number: number
  readonly pending: Map<number, Pending>
  /** What it asks of this thread. */
  readonly asks: Asks
}

/** Threads of this process so far. */
let threads = 0

/**
 * The same as `createEngine`, in a thread of its own. Should that crash, what runs is rejected as `internal` (to be tried
 * again: parts stay), `onWarning` is told, and the next call starts another.
 */
export async function createEngineThread(
  firstOptions: EngineOptions,
  onWarning: (message: string) => void = () => {},
): Promise<Engine> {
  let options = firstOptions
  let current: Thread | null = null
  let closed = false
  let calls = 0
  const dead: number[] = []

  function start(ready?: { resolve: () => void; reject: (error: SluiceError) => void }): Thread {
    const data: EngineThreadData = { options, number: ++threads, dead }
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), {
      name: 'engine',
      workerData: data,
      // What the process was started with (a text, modules of a test) is not for the thread.
      execArgv: [],
      resourceLimits: heap,
    })
    const asks = createAsks((message) => worker.postMessage(message, []))
    const thread: Thread = { worker, number: data.number, pending: new Map(), asks }
    let failure: SluiceError | null = null
    let begun = false
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'ready') {
        begun = true
        ready?.resolve()
      } else if (message.kind === 'warning') onWarning(message.message)
      else if (message.kind === 'failed') {
        // Its end is still to be waited for.
        failure = errorFrom(message.error)
        return
      } else hear(thread, message)
      rest(thread)
    })
    worker.on('error', (error) => (failure ??= crash(error)))
    worker.on('exit', () => {
      if (current === thread) current = null
      dead.push(thread.number)
      asks.abortAll()
      const error = failure ?? (closed ? new SluiceError('interrupted', 'The engine was closed.') : crash(undefined))
      ready?.reject(error)
      if (ready ? begun && !closed : !closed) onWarning(error.message)
      for (const [call, { reject, onEvent, reference }] of thread.pending) {
        onEvent({ type: 'error', id: call, reference, error })
        reject(error)
      }
      thread.pending.clear()
    })
    return thread
  }

  function send(message: ToThread): void {
    current?.worker.postMessage(message, [])
  }

  function ask<T>(what: Call, { signal, onEvent = () => {}, authorize }: Given = {}): Promise<T> {
    if (closed) return Promise.reject(new SluiceError('interrupted', 'The engine was closed.'))
    const call = ++calls
    const thread = (current ??= start())
    const abort = (): void => {
      if (current === thread) send({ kind: 'abort', call, reason: reasonOf(signal) })
    }
    const reference = what.kind === 'get' || what.kind === 'preview' ? what.request.reference : ''
    const promise = new Promise<T>((resolve, reject) => {
      thread.pending.set(call, { resolve: resolve as (value: unknown) => void, reject, onEvent, authorize, reference })
    })
    thread.worker.ref()
    send({ kind: 'call', call, what: signal?.aborted ? ({ ...what, aborted: reasonOf(signal) } as Call) : what })
    signal?.addEventListener('abort', abort, { once: true })
    return promise.finally(() => signal?.removeEventListener('abort', abort))
  }

  const { promise, resolve, reject } = Promise.withResolvers<void>()
  current = start({ resolve, reject })
  await promise

  return {
    get: (request, given) => ask<Finished>({ kind: 'get', request, authorize: given?.authorize !== undefined }, given),
    preview: (request, given) => ask<Preview>({ kind: 'preview', request }, given),
    setLimitRate(rate) {
      const { limitRate: _, ...others } = options
      options = rate === undefined ? others : { ...others, limitRate: rate }
      send({ kind: 'limit-rate', rate })
    },
    setHostConnections(connections) {
      const { hostConnections: _, ...others } = options
      options = connections === undefined ? others : { ...others, hostConnections: connections }
      send({ kind: 'host-connections', connections })
    },
    adjust: (key, change) => send({ kind: 'adjust', key, change }),
    inspect: (key) => ask<Inspection | null>({ kind: 'inspect', key }),
    stored: (dir, key) => ask<StoredPart | null>({ kind: 'stored', dir, key }),
    finished: (path) => ask<Awaited<ReturnType<Engine['finished']>>>({ kind: 'finished', path }),
    move: (request) => ask<string>({ kind: 'move', request }),
    discard: (dir, key) => ask<void>({ kind: 'discard', dir, key }),
    async close() {
      if (closed) return
      const thread = current
      const saved = thread ? ask<void>({ kind: 'close' }) : undefined
      closed = true
      try {
        await saved
      } finally {
        await thread?.worker.terminate()
      }
    },
  }
}

function hear(thread: Thread, message: Extract<FromThread, { readonly call: number }>): void {
  const pending = thread.pending.get(message.call)
  if (!pending) return
  if (message.kind === 'event') {
    pending.onEvent({ ...message.event, id: message.call })
    return
  }
  if (message.kind === 'authorize') {
    if (pending.authorize) thread.asks.begin(message, pending.authorize)
    return
  }
  if (message.kind === 'authorize-abort') return thread.asks.abort(message.ask)
  thread.pending.delete(message.call)
  if (message.kind === 'done') return pending.resolve(message.value)
  const error = errorFrom(message.error)
  pending.onEvent({ type: 'error', id: message.call, reference: pending.reference, error })
  pending.reject(error)
}

/** A thread without work does not keep the process alive. */
function rest(thread: Thread): void {
  if (thread.pending.size === 0) thread.worker.unref()
}

function reasonOf(signal: AbortSignal | undefined): ErrorData {
  const reason: unknown = signal?.reason
  return errorData(
    reason instanceof SluiceError
      ? reason
      : new SluiceError('interrupted', 'The download was interrupted.', { cause: reason }),
  )
}

function crash(cause: unknown): SluiceError {
  return new SluiceError('internal', 'The part of Sluice that downloads has stopped unexpectedly.', {
    hint: 'Try again: what was fetched is kept. Should it happen again, please report it.',
    retry: 'backoff',
    ...(cause === undefined ? {} : { cause }),
  })
}
