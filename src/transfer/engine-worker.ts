import { parentPort, workerData } from 'node:worker_threads'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { createEngine } from './engine.ts'
import { errorData, errorFrom } from './engine-messages.ts'
import type { Call, EngineThreadData, ErrorData, FromThread, ToThread } from './engine-messages.ts'
import { ownAsThread } from './owner.ts'
import { createAsker } from './thread-authorize.ts'
import type { Engine } from './types.ts'

// The thread of `createEngineThread`: an engine that is told by messages what to do.

const { options, number, dead } = workerData as EngineThreadData
const controllers = new Map<number, AbortController>()
const asker = createAsker(tell)

ownAsThread(number, dead)
try {
  const engine = await createEngine(options, (message) => tell({ kind: 'warning', message }))
  parentPort?.on('message', (message: ToThread) => obey(engine, message))
  tell({ kind: 'ready' })
} catch (error) {
  tell({ kind: 'failed', error: errorData(asSluiceError(error)) })
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message, [])
}

function obey(engine: Engine, message: ToThread): void {
  if (message.kind === 'abort') controllers.get(message.call)?.abort(errorFrom(message.reason))
  else if (message.kind === 'limit-rate') engine.setLimitRate(message.rate)
  else if (message.kind === 'host-connections') engine.setHostConnections(message.connections)
  else if (message.kind === 'adjust') engine.adjust(message.key, message.change)
  else if (message.kind !== 'call') asker.answered(message)
  else void answer(engine, message.call, message.what)
}

async function answer(engine: Engine, call: number, what: Call): Promise<void> {
  try {
    tell({ kind: 'done', call, value: await perform(engine, call, what) })
  } catch (error) {
    tell({ kind: 'rejected', call, error: errorData(asSluiceError(error)) })
  } finally {
    controllers.delete(call)
  }
}

function perform(engine: Engine, call: number, what: Call): Promise<unknown> {
  switch (what.kind) {
    case 'get':
      return engine.get(what.request, {
        signal: signalOf(call, what.aborted),
        onEvent: (event) => event.type !== 'error' && tell({ kind: 'event', call, event }),
        ...(what.authorize ? { authorize: asker.authorizeOf(call) } : {}),
      })
    case 'preview':
      return engine.preview(what.request, { signal: signalOf(call, what.aborted) })
    case 'inspect':
      return engine.inspect(what.key)
    case 'stored':
      return engine.stored(what.dir, what.key)
    case 'finished':
      return engine.finished(what.path)
    case 'move':
      return engine.move(what.request)
    case 'discard':
      return engine.discard(what.dir, what.key)
    case 'close':
      return engine.close()
    default:
      throw new SluiceError('internal', 'The engine was told to do what it does not know.')
  }
}

function signalOf(call: number, aborted: ErrorData | undefined): AbortSignal {
  const controller = new AbortController()
  if (aborted) controller.abort(errorFrom(aborted))
  else controllers.set(call, controller)
  return controller.signal
}
