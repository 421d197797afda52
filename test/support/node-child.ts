import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

/** A second process, told what to do by a module's text. */
export interface NodeChild {
  readonly pid: number
  /** The next line that it prints; rejects when it ends without one. */
  line(): Promise<string>
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>
  /** Settles with its exit code. */
  readonly ended: Promise<number | null>
}

/** Names of modules relative to src/, for import in a child's text. */
export function source(path: string): string {
  return JSON.stringify(pathToFileURL(`${import.meta.dirname}/../../src/${path}`).href)
}

export function startNode(t: TestContext, text: string): NodeChild {
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await ended
  }
  t.after(kill)
  return {
    pid: child.pid ?? 0,
    async line() {
      const { value, done } = await lines.next()
      if (done) throw new Error('The child ended without a word.')
      return value
    },
    kill,
    ended,
  }
}
