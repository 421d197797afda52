import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import type { DaemonEvent } from '../../src/client/events.ts'
import { SluiceError } from '../../src/core/errors.ts'
import type { Download, Statistics } from '../../src/server/api-types.ts'
import { noCounts } from './live-reducer.ts'
import { createLiveStore } from './live-store.ts'
import { createSync } from './live-sync.ts'
import { sampleDownload, sampleSettings } from './sample-download.ts'

const lost = (): SluiceError => new SluiceError('connection-lost', 'The connection was lost.')
const locked = (): SluiceError => new SluiceError('unauthorized', 'A token is needed.')
const id = 'dl-0000000000000001'

interface World {
  downloads: Download[]
  /** What every question is refused with. */
  refusal: SluiceError | null
  /** What only the stream is refused with. */
  streamRefusal: SluiceError | null
  silent: boolean
  asked: string[]
  streams: number
}

/** A daemon whose stream, answers and time the test controls. */
function setUp(t: TestContext, first: Partial<World> = {}) {
  const world: World = {
    downloads: [sampleDownload({ status: 'active' })],
    refusal: null,
    streamRefusal: null,
    silent: false,
    asked: [],
    streams: 0,
    ...first,
  }
  let push: (event: DaemonEvent | Error) => void = () => {}
  const waits: Array<{ ms: number; done: () => void }> = []

  async function answer<T>(name: string, value: () => T): Promise<T> {
    world.asked.push(name)
    if (world.refusal !== null) throw world.refusal
    return value()
  }
  const counts = () => {
    const all = { ...noCounts }
    for (const { status } of world.downloads) all[status] += 1
    return all
  }

  async function* events({ signal }: { signal: AbortSignal }): AsyncGenerator<DaemonEvent> {
    world.streams++
    const refusal = world.refusal ?? world.streamRefusal
    if (refusal !== null) throw refusal
    const queue: Array<DaemonEvent | Error> = []
    let wake = (): void => {}
    push = (event) => (queue.push(event), wake())
    signal.addEventListener('abort', () => wake())
    const { downloads } = world
    if (!world.silent)
      yield {
        type: 'snapshot',
        sequence: 1,
        counts: counts(),
        speed: 7,
        downloads,
        total: downloads.length,
        settings: sampleSettings,
      }
    while (!signal.aborted) {
      const next = queue.shift()
      if (next instanceof Error) throw next
      if (next === undefined) await new Promise<void>((done) => (wake = done))
      else yield next
    }
  }

  const store = createLiveStore(() => {})
  const sync = createSync({
    store,
    wait: (ms, signal) =>
      new Promise<void>((done) => {
        if (signal.aborted) return done()
        const one = { ms, done }
        waits.push(one)
        signal.addEventListener('abort', () => (waits.splice(waits.indexOf(one), 1), done()), { once: true })
      }),
    client: {
      events,
      list: () => answer('list', () => ({ downloads: world.downloads, total: world.downloads.length })),
      get: (one) =>
        answer(`get ${one}`, () => {
          const found = world.downloads.find((download) => download.id === one)
          if (found === undefined) throw new SluiceError('not-found', 'There is none.')
          return { ...found, segments: [], connectionDetails: [], timeline: [] }
        }),
      statistics: () => answer('statistics', () => ({ counts: counts(), speed: 3 }) as Statistics),
      settings: () => answer('settings', () => sampleSettings),
      health: () => answer('health', () => ({ status: 'ok' as const })),
    },
  })
  const ending = new AbortController()
  const running = sync.run(ending.signal)
  t.after(async () => {
    ending.abort()
    await running
  })

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done))
  }
  return {
    world,
    store,
    sync,
    settle,
    push: async (event: DaemonEvent | Error) => {
      push(event)
      await settle()
    },
    /** Ends the pauses of that length, in ms. */
    pass: async (ms: number) => {
      for (const one of waits.filter((wait) => wait.ms === ms)) {
        waits.splice(waits.indexOf(one), 1)
        one.done()
      }
      await settle()
    },
    waits: () => waits.map(({ ms }) => ms).toSorted((a, b) => a - b),
  }
}

describe('the link to the daemon', () => {
  it('is live with the first snapshot, and then follows the events', async (t) => {
    const { sync, store, settle, push } = setUp(t)
    assert.equal(sync.connection.get(), 'connecting')
    await settle()
    assert.deepEqual([sync.connection.get(), store.speed.get(), store.counts.get().active], ['live', 7, 1])
    assert.equal(sync.health.get()?.status, 'ok')
    await push({ type: 'changed', sequence: 2, download: sampleDownload({ status: 'completed' }) })
    assert.deepEqual([store.download(id)?.status, store.counts.get().completed, store.speed.get()], ['completed', 1, 0])
  })

  it('asks every two seconds while only the stream cannot be had', async (t) => {
    const { sync, store, world, settle, pass } = setUp(t, {
      streamRefusal: new SluiceError('too-many-requests', 'Too many readers.'),
    })
    await settle()
    assert.equal(sync.connection.get(), 'connecting')
    await pass(2000)
    assert.deepEqual(
      [sync.connection.get(), store.download(id)?.status, store.counts.get().active],
      ['polling', 'active', 1],
    )
    world.downloads = [sampleDownload({ status: 'completed' })]
    const heard: string[] = []
    store.onHappening(({ type }) => heard.push(type))
    let refreshes = 0
    store.onLists((what) => (refreshes += what === 'order' ? 1 : 0))
    await pass(2000)
    assert.deepEqual([store.download(id)?.status, store.counts.get().completed, heard], ['completed', 1, ['completed']])
    assert.ok(refreshes > 0)
    world.streamRefusal = null
    await pass(1000)
    assert.equal(sync.connection.get(), 'live')
    const asked = world.asked.length
    await pass(2000)
    assert.equal(world.asked.length, asked)
  })

  it('keeps what it knew while the daemon is away, and comes back by itself', async (t) => {
    const { sync, store, world, settle, push, pass } = setUp(t)
    await settle()
    world.refusal = lost()
    await push({ type: 'disconnected', error: lost() })
    assert.deepEqual([sync.connection.get(), store.download(id)?.status], ['offline', 'active'])
    await pass(2000)
    assert.equal(sync.connection.get(), 'offline')
    world.refusal = null
    world.downloads = [sampleDownload({ status: 'completed' })]
    await pass(500)
    assert.deepEqual([sync.connection.get(), store.download(id)?.status], ['live', 'completed'])
  })

  it('comes back at once when the network does', async (t) => {
    const { sync, world, settle, push } = setUp(t)
    await settle()
    world.refusal = lost()
    await push(lost())
    assert.equal(sync.connection.get(), 'offline')
    world.refusal = null
    sync.hurry()
    await settle()
    assert.equal(sync.connection.get(), 'live')
  })

  it('asks nothing more without a token, until there is one', async (t) => {
    const { sync, world, settle, pass } = setUp(t, { refusal: locked() })
    await settle()
    assert.equal(sync.connection.get(), 'unauthorised')
    const { streams } = world
    const asked = world.asked.length
    for (const ms of [500, 1000, 2000]) await pass(ms)
    sync.hurry()
    await settle()
    assert.equal(sync.connection.get(), 'unauthorised')
    assert.deepEqual([world.asked.slice(asked).filter((one) => one !== 'health'), world.streams - streams], [[], 0])
    sync.retry()
    assert.equal(sync.connection.get(), 'connecting')
    await settle()
    assert.equal(sync.connection.get(), 'unauthorised')
    world.refusal = null
    sync.retry()
    await settle()
    assert.equal(sync.connection.get(), 'live')
  })

  it('notices a stream that stands and says nothing', async (t) => {
    const { sync, world, settle, pass } = setUp(t, { silent: true })
    await settle()
    await pass(2000)
    assert.equal(sync.connection.get(), 'polling')
    await pass(10_000)
    world.silent = false
    await pass(1000)
    assert.deepEqual([sync.connection.get(), world.streams], ['live', 2])
  })

  it('notices by the health that a live stream is dead', async (t) => {
    const { sync, world, settle, pass } = setUp(t)
    await settle()
    world.refusal = lost()
    await pass(15_000)
    assert.equal(sync.connection.get(), 'offline')
  })

  it('finds out what many changes at once did to what was active', async (t) => {
    const { store, world, settle, push, pass } = setUp(t)
    await settle()
    world.downloads = [sampleDownload({ status: 'completed' }), sampleDownload({ id: 'dl-2', status: 'queued' })]
    await push({ type: 'refresh', sequence: 2 })
    assert.equal(store.download(id)?.status, 'completed')
    await pass(300)
    assert.deepEqual([store.counts.get().completed, store.counts.get().queued, store.state().countsExact], [1, 1, true])
  })

  it('reads again what is on the screen and in no list', async (t) => {
    const { store, world, settle, push, pass } = setUp(t, { downloads: [sampleDownload({ status: 'paused' })] })
    await settle()
    store.onDownload(id, () => {})
    world.downloads = []
    await push({ type: 'refresh', sequence: 2 })
    await pass(2000)
    assert.equal(store.known(id), undefined)
  })

  it('tells warnings', async (t) => {
    const { sync, settle, push } = setUp(t)
    await settle()
    const heard: string[] = []
    sync.onWarning(({ code }) => heard.push(code))
    await push({ type: 'warning', sequence: 2, id: null, code: 'low-disk', message: 'The disk is nearly full.' })
    assert.deepEqual(heard, ['low-disk'])
  })
})
