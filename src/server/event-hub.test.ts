import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import { askedApp } from '../../test/support/ask-app.ts'
import type { AskedApp } from '../../test/support/ask-app.ts'
import { fakeManager, knownId, sampleDownload } from '../../test/support/fake-manager.ts'

interface Message {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: { readonly sequence?: number; readonly downloads?: unknown; readonly id?: string }
}

/** Reads one stream of events. */
async function follow(t: TestContext, { ask }: AskedApp, path = '/api/events', headers: Record<string, string> = {}) {
  const response = await ask('GET', path, { headers })
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
  const reader = response.body!.getReader()
  t.after(() => reader.cancel().catch(() => undefined))
  let rest = ''
  /** The next block of lines, comments included. */
  async function block(): Promise<string> {
    for (;;) {
      const end = rest.indexOf('\n\n')
      if (end >= 0) {
        const text = rest.slice(0, end)
        rest = rest.slice(end + 2)
        return text
      }
      const { done, value } = await reader.read()
      if (done) throw new Error('The stream has ended.')
      rest += new TextDecoder().decode(value)
    }
  }
  async function next(): Promise<Message> {
    const lines = (await block()).split('\n')
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
    const data = field('data')
    return data === undefined
      ? next()
      : { id: field('id'), event: field('event'), data: JSON.parse(data) as Message['data'] }
  }
  return { reader, block, next }
}

const warning = (message: string) => ({ type: 'warning' as const, id: null, code: 'test', message })

describe('the stream of events', () => {
  it('begins with how to reconnect and a snapshot, then tells what changes, each with its number', async (t) => {
    const asked = askedApp()
    const { block, next } = await follow(t, asked)
    assert.equal(await block(), 'retry: 2000')
    const snapshot = await next()
    assert.deepEqual([snapshot.id, snapshot.event], ['100', 'snapshot'])
    assert.deepEqual(snapshot.data.downloads, [sampleDownload])
    asked.manager.emit({ type: 'changed', download: sampleDownload })
    asked.manager.emit({ type: 'removed', id: knownId })
    assert.deepEqual(await next(), {
      id: '101',
      event: 'changed',
      data: { sequence: 101, type: 'changed', download: sampleDownload },
    })
    assert.deepEqual(await next(), {
      id: '102',
      event: 'removed',
      data: { sequence: 102, type: 'removed', id: knownId },
    })
  })

  it('goes on after Last-Event-ID without a snapshot, from the header or the query', async (t) => {
    const asked = askedApp()
    asked.manager.emit(warning('one'))
    asked.manager.emit(warning('two'))
    for (const { next } of [
      await follow(t, asked, '/api/events', { 'Last-Event-ID': '101' }),
      await follow(t, asked, '/api/events?lastEventId=101'),
    ]) {
      assert.equal((await next()).id, '102')
      asked.manager.emit(warning('more'))
      assert.equal((await next()).event, 'warning')
    }
  })

  it('takes numbers as large as a clock in microseconds', async () => {
    const asked: number[] = []
    const manager = fakeManager()
    const events = { ...manager.events, since: (after: number) => (asked.push(after), null) }
    const { ask } = askedApp({ ...manager, events })
    await (await ask('GET', '/api/events', { headers: { 'Last-Event-ID': '1795269000000123' } })).body?.cancel()
    assert.deepEqual(asked, [1795269000000123])
  })

  for (const last of ['7', '99999', 'abc', '-1', '1e2', '']) {
    it(`gives a snapshot where what came after "${last}" is not known`, async (t) => {
      const { next } = await follow(t, askedApp(), '/api/events', { 'Last-Event-ID': last })
      assert.equal((await next()).event, 'snapshot')
    })
  }

  it('says that it is still there every 15 seconds', async (t) => {
    t.mock.timers.enable({ apis: ['setInterval'] })
    const { block } = await follow(t, askedApp())
    await block()
    await block()
    for (let i = 0; i < 3; i++) {
      t.mock.timers.tick(15_000)
      assert.match(await block(), /^: /)
    }
  })

  it('listens to the manager once for all readers, and no longer than they read', async (t) => {
    const asked = askedApp()
    const readers = [await follow(t, asked), await follow(t, asked), await follow(t, asked)]
    assert.equal(asked.manager.listeners, 1)
    for (const { reader } of readers) await reader.cancel()
    assert.equal(asked.manager.listeners, 0)
  })

  it('makes JSON of an event once for all readers', async (t) => {
    const asked = askedApp()
    const readers = [await follow(t, asked), await follow(t, asked), await follow(t, asked)]
    for (const { next } of readers) await next()
    let made = 0
    const download = { ...sampleDownload, toJSON: () => ((made += 1), sampleDownload) }
    asked.manager.emit({ type: 'changed', download })
    for (const { next } of readers) assert.equal((await next()).event, 'changed')
    assert.equal(made, 1)
  })

  it('drops a reader for whom more than 1 MiB waits, and goes on with the others', async (t) => {
    const asked = askedApp()
    const slow = await follow(t, asked)
    const quick = await follow(t, asked)
    await quick.next()
    const text = 'x'.repeat(100_000)
    for (let i = 0; i < 15; i++) {
      asked.manager.emit(warning(text))
      await quick.next()
    }
    assert.equal(asked.manager.listeners, 1)
    await assert.rejects(async () => {
      for (;;) await slow.next()
    })
    asked.manager.emit(warning('still here'))
    assert.equal((await quick.next()).event, 'warning')
  })

  it('does not drop a reader for the size of its snapshot', async (t) => {
    const long = Array.from({ length: 200 }, () => ({ ...sampleDownload, url: 'x'.repeat(16_000) }))
    const manager = fakeManager()
    const whole = {
      ...manager,
      events: { ...manager.events, snapshot: () => ({ ...manager.events.snapshot(), downloads: long }) },
    }
    const { next } = await follow(t, askedApp(whole))
    manager.emit(warning('one'))
    assert.equal((await next()).event, 'snapshot')
    assert.equal((await next()).event, 'warning')
  })

  it('is refused to the 101st reader until another leaves', async (t) => {
    const asked = askedApp()
    const readers = []
    for (let i = 0; i < 100; i++) readers.push(await follow(t, asked))
    const refused = await asked.ask('GET', '/api/events')
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '5')
    await readers[0]?.reader.cancel()
    await follow(t, asked)
  })

  it('ends for all when the daemon stops', async (t) => {
    const asked = askedApp()
    const { next } = await follow(t, asked)
    await next()
    asked.app.stop()
    await assert.rejects(next(), /has ended/)
    assert.equal(asked.manager.listeners, 0)
  })

  it('is not opened by HEAD', async () => {
    const { ask, manager } = askedApp()
    const response = await ask('HEAD', '/api/events')
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/)
    assert.equal(manager.listeners, 0)
  })
})
