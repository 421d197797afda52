import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeStaging } from './staging-folder.ts'

export type SessionState = 'downloading' | 'paused' | 'writing' | 'completed' | 'error'

/**
 * `session.json` of a pull, for people and tools that look into its folder; docs/formats.md tells of each field. Parts
 * are gone on with from the engine's own sessions, never from this.
 */
export interface PullSession {
  readonly model: string
  readonly sessionId: string
  /** '' where the target is no zip file. */
  readonly outZip: string
  readonly stagingRoot: string
  /** Without credentials. */
  readonly registry: string
  readonly platform: string
  readonly concurrency: number
  readonly retries: number
  readonly startedAt: string
}

/** Written anew at each change of its state, and now and then between. */
export interface SessionFile {
  write(state: SessionState, message?: string): Promise<void>
  /** The same, unless it was written within five seconds. */
  touch(): Promise<void>
  /** The pull is over and nothing of it is to be kept. */
  remove(): Promise<void>
}

const interval = 5000

export function createSessionFile(folder: string, session: PullSession, now: () => number): SessionFile {
  let writtenAt = -Infinity
  let last: Promise<void> = Promise.resolve()

  async function save(state: SessionState, message: string): Promise<void> {
    const text = JSON.stringify({ ...session, lastUpdated: new Date(now()).toISOString(), state, message }, null, 2)
    const path = join(folder, 'session.json')
    await writeFile(`${path}.new`, `${text}\n`, { mode: 0o644 })
    await rename(`${path}.new`, path)
  }

  function write(state: SessionState, message = ''): Promise<void> {
    writtenAt = now()
    last = last.then(() => save(state, message))
    return last
  }

  return {
    write,
    touch: () => (now() - writtenAt < interval ? Promise.resolve() : write('downloading')),
    async remove() {
      await last
      await removeStaging(folder)
    },
  }
}
