import type { TransferEvent } from '../transfer/types.ts'

/** One file on the move, as far as the printers need to know. */
export interface RunningFile {
  /** Safe to print. */
  readonly reference: string
  /** Path of the file once it is known. */
  path: string | undefined
  /** How it is called where that is not the name of its path. */
  title: string | undefined
  bytesDone: number
  bytesTotal: number | null
  speed: number
  eta: number | null
  connections: number
  /** When the next attempt starts (ms of the run's clock); undefined while bytes may come. */
  retryAt: number | undefined
}

/** What a run of `get` has done so far; files have the number of their reference, from 0. */
export interface RunState {
  readonly running: Map<number, RunningFile>
  files: number
  completed: number
  failed: number
  /** Bytes of completed files. */
  bytes: number
  /** Parts that an interrupt left behind. */
  readonly parts: RunningFile[]
  /** True when no more references will come. */
  allStarted: boolean
}

export function createRunState(): RunState {
  return { running: new Map(), files: 0, completed: 0, failed: 0, bytes: 0, parts: [], allStarted: false }
}

export function begin(state: RunState, index: number, reference: string): void {
  state.files++
  state.running.set(index, {
    reference,
    path: undefined,
    title: undefined,
    bytesDone: 0,
    bytesTotal: null,
    speed: 0,
    eta: null,
    connections: 0,
    retryAt: undefined,
  })
}

/** Keeps the state true to an event of file `index`; `now` in ms. */
export function apply(state: RunState, index: number, event: TransferEvent, now: number): void {
  const file = state.running.get(index)
  if (file === undefined) return
  switch (event.type) {
    case 'start':
      file.path = event.path
      file.title = event.title
      file.bytesTotal = event.bytesTotal
      file.bytesDone = event.resumedFrom
      break
    case 'progress':
      file.bytesDone = event.bytesDone
      file.bytesTotal = event.bytesTotal
      file.speed = event.speed
      file.eta = event.eta
      file.connections = event.connections
      file.retryAt = undefined
      break
    case 'retry':
      file.retryAt = now + event.delay * 1000
      file.speed = 0
      break
    case 'completed':
      state.completed++
      state.bytes += event.bytes
      state.running.delete(index)
      break
    case 'error':
      state.failed++
      if (event.error.code === 'interrupted') state.parts.push(file)
      state.running.delete(index)
      break
    case 'warning':
      break
  }
}
