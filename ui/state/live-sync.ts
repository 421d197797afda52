import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { Client } from '../../src/client/client.ts'
import type { DaemonEvent } from '../../src/client/events.ts'
import type { LiveStore } from './live-store.ts'
import { createValue } from './value.ts'
import type { Value } from './value.ts'

export type ConnectionState = 'connecting' | 'live' | 'polling' | 'offline' | 'unauthorised'
export type HealthNow = Awaited<ReturnType<Client['health']>>

export interface SyncParts {
  readonly client: Pick<Client, 'events' | 'list' | 'get' | 'statistics' | 'settings' | 'health'>
  readonly store: LiveStore
  /** Resolves after that time, earlier when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Sync {
  readonly connection: Pick<Value<ConnectionState>, 'get' | 'subscribe'>
  readonly health: Pick<Value<HealthNow | undefined>, 'get' | 'subscribe'>
  /** Warnings of the daemon. */
  onWarning(listener: (warning: { id: string | null; code: string; message: string }) => void): () => void
  /** Tries at once instead of after the next pause: the network is back. */
  hurry(): void
  /** There is another token. */
  retry(): void
  /** Runs until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>
}

const pollEvery = 2000
const healthEvery = 15_000
/** A stream that stands but tells nothing for so long is held up by something in between. */
const firstEventIn = 10_000
const longestPause = 15_000
const listsNeed = 2000

/**
 * Keeps the store like the daemon: by its events, and while they cannot be had by asking every 2 s. Three loops run
 * side by side: the stream, the questions that stand in for it, and a look at the health that also notices a dead stream.
 */
export function createSync({ client, store, wait }: SyncParts): Sync {
  const connection = createValue<ConnectionState>('connecting')
  const health = createValue<HealthNow | undefined>(undefined)
  const warnings = new Set<(warning: { id: string | null; code: string; message: string }) => void>()
  let haste = new AbortController()
  let stream = new AbortController()
  let recounting = false
  let reloading: Promise<void> | null = null

  async function pause(ms: number, signal: AbortSignal): Promise<void> {
    await wait(ms, AbortSignal.any([signal, haste.signal]))
  }

  function hurry(): void {
    haste.abort()
    haste = new AbortController()
  }

  function refused(error: SluiceError): boolean {
    if (error.code !== 'unauthorized') return false
    stream.abort()
    connection.set('unauthorised')
    return true
  }

  /** One stream from its snapshot to its end. True when something was heard. */
  async function follow(signal: AbortSignal): Promise<boolean> {
    const own = new AbortController()
    stream = own
    const ended = AbortSignal.any([signal, own.signal])
    const heard = new AbortController()
    void wait(firstEventIn, AbortSignal.any([ended, heard.signal])).then(() => {
      if (!heard.signal.aborted) own.abort()
    })
    try {
      for await (const event of client.events({ signal: ended })) {
        if (event.type === 'disconnected') break
        heard.abort()
        hear(event)
      }
    } catch (thrown) {
      const error = asSluiceError(thrown)
      if (!refused(error) && error.code === 'internal') console.error(error)
    } finally {
      own.abort()
    }
    return heard.signal.aborted
  }

  function hear(event: Exclude<DaemonEvent, { readonly type: 'disconnected' }>): void {
    if (event.type === 'warning') for (const listener of warnings) listener(event)
    const { doubtful } = store.apply(event)
    connection.set('live')
    if (event.type === 'refresh') void (reloading ??= reload(doubtful).finally(() => (reloading = null)))
    else if (doubtful.length > 0) void lookAt(doubtful)
    if (!store.state().countsExact) void recount()
  }

  async function streamLoop(signal: AbortSignal): Promise<void> {
    let rest = 500
    while (!signal.aborted) {
      if (connection.get() === 'unauthorised') {
        await pause(60 * 60_000, signal)
        continue
      }
      const worked = await follow(signal)
      if (signal.aborted) return
      rest = worked ? 500 : Math.min(longestPause, rest * 2)
      // What stands in for the stream finds out whether the daemon is gone or only its stream.
      if (connection.get() === 'live') await poll()
      await pause(rest, signal)
    }
  }

  async function pollLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(pollEvery, signal)
      if (!signal.aborted && !['live', 'unauthorised'].includes(connection.get())) await poll()
    }
  }

  async function poll(): Promise<void> {
    const before = connection.get()
    /** The stream came back while the answers were on their way, and knows better. */
    const isOld = (): boolean => before !== 'live' && connection.get() === 'live'
    try {
      const asked = store.state().revision
      const actives = activeIds()
      const [{ downloads }, { counts, speed }, settings] = await Promise.all([
        client.list({ status: ['active', 'queued', 'paused'], limit: 200 }),
        client.statistics(),
        client.settings(),
      ])
      if (isOld()) return
      store.apply({ type: 'rows', downloads, asked })
      store.apply({ type: 'settings', sequence: 0, settings })
      const listed = new Set(downloads.map(({ id }) => id))
      await lookAt(actives.filter((id) => !listed.has(id)))
      if (isOld()) return
      // The lists have nobody else who tells them that something may have changed.
      store.apply({ type: 'refresh', sequence: 0 })
      store.apply({ type: 'counts', counts, speed, exact: true })
      if (connection.get() === 'unauthorised') return
      connection.set('polling')
      if (before === 'offline') hurry()
    } catch (thrown) {
      if (!isOld() && !refused(asSluiceError(thrown)) && connection.get() !== 'unauthorised') connection.set('offline')
    }
  }

  async function healthLoop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        health.set(await client.health())
      } catch (thrown) {
        // Only an answer proves that a quiet stream still lives.
        if (asSluiceError(thrown).exitCode === 3) stream.abort()
      }
      await pause(healthEvery, signal)
    }
  }

  /** Many changed at once: asks what is active now and what those became that were. */
  async function reload(doubtful: readonly string[]): Promise<void> {
    const since = store.state().revision
    try {
      const { downloads } = await client.list({ status: ['active'], limit: 200 })
      store.apply({ type: 'rows', downloads, asked: since })
      await lookAt(doubtful.filter((id) => !store.isHeard(id, since)))
      // The lists read their rows again, too; what is left then is on the screen beside them.
      await wait(listsNeed, stream.signal)
      await lookAt(store.watched().filter((id) => store.known(id) !== undefined && !store.isHeard(id, since)))
    } catch (thrown) {
      refused(asSluiceError(thrown))
    }
  }

  /** Asks for single rows; those that the daemon does not know are gone. */
  async function lookAt(ids: readonly string[]): Promise<void> {
    for (const id of ids.slice(0, 50)) {
      try {
        const asked = store.state().revision
        const { segments: _, connectionDetails: __, timeline: ___, ...download } = await client.get(id)
        store.apply({ type: 'rows', downloads: [download], asked })
      } catch (thrown) {
        const error = asSluiceError(thrown)
        if (error.code === 'not-found') store.apply({ type: 'gone', ids: [id], removed: true })
        else if (refused(error)) return
      }
    }
  }

  /** Asks for the counts until nothing that counts happened while the answer was on its way. */
  async function recount(): Promise<void> {
    if (recounting) return
    recounting = true
    try {
      for (let rest = 300; !store.state().countsExact && !stream.signal.aborted; rest = 1000) {
        await wait(rest, stream.signal)
        const before = store.state().counts
        const { counts, speed } = await client.statistics()
        store.apply({ type: 'counts', counts, speed, exact: store.state().counts === before })
      }
    } catch (thrown) {
      refused(asSluiceError(thrown))
    } finally {
      recounting = false
    }
  }

  function activeIds(): string[] {
    return [...store.state().rows.values()].flatMap(({ download }) =>
      download.status === 'active' ? [download.id] : [],
    )
  }

  return {
    connection,
    health,
    hurry,
    retry() {
      if (connection.get() === 'unauthorised') connection.set('connecting')
      hurry()
    },
    onWarning(listener) {
      warnings.add(listener)
      return () => warnings.delete(listener)
    },
    async run(signal) {
      await Promise.all([streamLoop(signal), pollLoop(signal), healthLoop(signal)])
    },
  }
}
