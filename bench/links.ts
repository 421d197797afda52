import { fork } from 'node:child_process'
import { once } from 'node:events'

export interface LinkOptions {
  /** Port on 127.0.0.1 that the link leads to. */
  readonly target: number
  /** Milliseconds that each direction takes; a connection waits a whole round trip before its first byte leaves. */
  readonly delay?: number
  /** Bytes per second from the server for each connection. */
  readonly rate?: number
  /** Bytes per second for one connection in eight, counted since the last reset. */
  readonly slowRate?: number
  /** Which of eight connections is the slow one: 0-7. */
  readonly slowIndex?: number
}

export interface Link extends AsyncDisposable {
  readonly port: number
  /** Counts connections from 0 again. To be called before each run, so that every run meets the same link. */
  readonly reset: () => void
}

/** Starts a link in a process of its own. */
export async function startLink(options: LinkOptions): Promise<Link> {
  const child = fork(new URL(import.meta.resolve('./link-process.ts')), [JSON.stringify(options)], { stdio: 'inherit' })
  const [said] = (await once(child, 'message')) as [{ port: number }]
  return {
    port: said.port,
    reset: () => void child.send('reset'),
    [Symbol.asyncDispose]: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
