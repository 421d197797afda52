import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createList } from './list-store.ts'
import { createOrderHold } from './order-hold.ts'
import { createWindows } from './windows.ts'
import type { PageOf } from './windows.ts'

/** Timers that run when the test says so. */
function clock() {
  let now = 0
  const waiting = new Set<{ at: number; run: () => void }>()
  return {
    after(ms: number, run: () => void) {
      const one = { at: now + ms, run }
      waiting.add(one)
      return () => void waiting.delete(one)
    },
    pass(ms: number) {
      const end = now + ms
      for (;;) {
        const next = [...waiting].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        waiting.delete(next)
        now = next.at
        next.run()
      }
      now = end
    },
  }
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done))

/** A list of the daemon that the test changes; each question is answered when the test says so, or at once. */
function server(items: string[], manual = false) {
  const asked: Array<{ offset: number; signal: AbortSignal; answer: () => void; refuse: (error: Error) => void }> = []
  return {
    asked,
    items,
    fetch(offset: number, limit: number, signal: AbortSignal): Promise<PageOf<string>> {
      return new Promise((resolve, reject) => {
        const answer = (): void =>
          resolve({ items: items.slice(offset, offset + limit), total: items.length, exact: true })
        asked.push({ offset, signal, answer, refuse: reject })
        if (!manual) answer()
      })
    },
  }
}

const many = (count: number, prefix = 'dl'): string[] => Array.from({ length: count }, (_, n) => `${prefix}-${n}`)

function setUp(items: string[], manual = false) {
  const source = server(items, manual)
  const time = clock()
  let changes = 0
  const windows = createWindows<string>({
    fetch: source.fetch,
    keyOf: (id) => id,
    after: time.after,
    onChange: () => changes++,
  })
  return { ...source, ...time, windows, changes: () => changes }
}

describe('the windows of a long list', () => {
  it('ask once for each window of a hundred rows that is on the screen', async () => {
    const { windows, asked } = setUp(many(1000))
    windows.ensure(0, 20)
    windows.ensure(0, 30)
    assert.equal(windows.loading, true)
    await settle()
    windows.ensure(90, 210)
    windows.ensure(95, 215)
    await settle()
    assert.deepEqual(
      asked.map(({ offset }) => offset),
      [0, 100, 200],
    )
    assert.deepEqual(
      [windows.total, windows.loading, windows.itemAt(205), windows.itemAt(500)],
      [1000, false, 'dl-205', undefined],
    )
  })

  it('give up questions for what was scrolled past', async () => {
    const { windows, asked } = setUp(many(5000), true)
    windows.ensure(0, 10)
    asked[0]?.answer()
    await settle()
    windows.ensure(1000, 1010)
    windows.ensure(4000, 4010)
    assert.deepEqual(
      asked.map(({ offset, signal }) => [offset, signal.aborted]),
      [
        [0, false],
        [1000, true],
        [4000, false],
      ],
    )
    asked[1]?.refuse(new DOMException('aborted', 'AbortError'))
    asked[2]?.answer()
    await settle()
    assert.deepEqual([windows.error, windows.itemAt(4005)], [null, 'dl-4005'])
  })

  it('show the old rows until the new ones are there', async () => {
    const { windows, items, asked, pass } = setUp(many(3))
    windows.ensure(0, 10)
    await settle()
    items.unshift('dl-new')
    windows.refresh()
    windows.refresh()
    pass(299)
    assert.equal(asked.length, 1)
    pass(1)
    assert.deepEqual([asked.length, windows.itemAt(0)], [2, 'dl-0'])
    await settle()
    assert.deepEqual([windows.itemAt(0), windows.total], ['dl-new', 4])
  })

  it('refresh even when refreshes never pause', async () => {
    const { windows, asked, pass } = setUp(many(3))
    windows.ensure(0, 10)
    await settle()
    for (let round = 0; round < 30; round++) {
      windows.refresh()
      pass(100)
    }
    assert.ok(asked.length >= 2 && asked.length <= 4, `${asked.length} questions`)
  })

  it('ask again after an answer during which the list changed, instead of starving', async () => {
    const { windows, asked, pass } = setUp(many(3), true)
    windows.ensure(0, 10)
    for (let round = 0; round < 5; round++) {
      windows.refresh()
      pass(300)
    }
    assert.deepEqual(
      asked.map(({ signal }) => signal.aborted),
      [false],
    )
    asked[0]?.answer()
    await settle()
    assert.equal(windows.itemAt(0), 'dl-0')
    pass(300)
    assert.equal(asked.length, 2)
  })

  it('move nothing while they are held, and catch up afterwards', async () => {
    const { windows, items, pass, asked } = setUp(many(150))
    windows.ensure(0, 10)
    await settle()
    windows.refresh()
    windows.hold(true)
    items.reverse()
    windows.refresh()
    pass(10_000)
    assert.deepEqual([asked.length, windows.itemAt(0)], [1, 'dl-0'])
    windows.ensure(100, 120)
    await settle()
    assert.equal(windows.itemAt(100), 'dl-49')
    windows.hold(false)
    pass(300)
    await settle()
    assert.equal(windows.itemAt(149), 'dl-0')
  })

  it('never show one row twice', async () => {
    const { windows, items, pass } = setUp(many(300))
    windows.ensure(0, 10)
    await settle()
    items.unshift('dl-new')
    windows.ensure(0, 150)
    await settle()
    const shown = Array.from({ length: 300 }, (_, at) => windows.itemAt(at)).filter((one) => one !== undefined)
    assert.equal(new Set(shown).size, shown.length)
    pass(300)
    await settle()
    assert.deepEqual([windows.itemAt(0), windows.itemAt(100), windows.itemAt(200)], ['dl-new', 'dl-99', undefined])
  })

  it('keep what is there when a question fails, and ask again when told', async () => {
    const { windows, asked, pass } = setUp(many(3), true)
    windows.ensure(0, 10)
    asked[0]?.answer()
    await settle()
    windows.refresh()
    pass(300)
    asked[1]?.refuse(new Error('broken'))
    await settle()
    assert.deepEqual([windows.error?.code, windows.itemAt(0)], ['internal', 'dl-0'])
    for (let render = 0; render < 10; render++) windows.ensure(0, 10)
    assert.equal(asked.length, 2)
    windows.reload()
    asked[2]?.answer()
    await settle()
    assert.equal(windows.error, null)
  })

  it('hold few of ten thousand rows', async () => {
    const { windows } = setUp(many(10_000))
    for (let at = 0; at < 10_000; at += 50) {
      windows.ensure(at, at + 20)
      await settle()
    }
    const there = many(10_000).filter((_, at) => windows.itemAt(at) !== undefined).length
    assert.ok(there <= 1000, `${there} rows`)
  })

  it('fetch rows anew that the live store has forgotten', async () => {
    const forgotten = new Set<string>()
    const { fetch, asked } = server(many(10))
    const windows = createWindows<string>({
      fetch,
      keyOf: (id) => id,
      isKnown: (id) => !forgotten.has(id),
      after: () => () => {},
      onChange: () => {},
    })
    windows.ensure(0, 5)
    await settle()
    windows.ensure(0, 6)
    forgotten.add('dl-3')
    windows.ensure(0, 7)
    assert.equal(asked.length, 2)
  })
})

describe('a list', () => {
  function listOf(items: string[]) {
    const source = server(items)
    let hidden: ReadonlySet<string> = new Set()
    let followers = 0
    let redraw = (): void => {}
    const list = createList<string>({
      fetch: source.fetch,
      keyOf: (id) => id,
      after: () => () => {},
      hidden: () => hidden,
      follow(now) {
        followers++
        redraw = now.redraw
        return () => void followers--
      },
    })
    return {
      ...source,
      list,
      followers: () => followers,
      hide: (...ids: string[]) => ((hidden = new Set(ids)), redraw()),
    }
  }

  it('closes the gaps that hidden rows leave', async () => {
    const { list, hide } = listOf(many(6))
    list.subscribe(() => {})
    await settle()
    const shown = () => Array.from({ length: list.get().total }, (_, at) => list.get().itemAt(at))
    hide('dl-0', 'dl-2', 'dl-3', 'dl-5', 'dl-elsewhere')
    assert.deepEqual(shown(), ['dl-1', 'dl-4'])
    hide()
    assert.deepEqual(shown(), many(6))
  })

  it('is the same object until something changes', async () => {
    const { list, hide } = listOf(many(6))
    list.subscribe(() => {})
    await settle()
    assert.equal(list.get(), list.get())
    const before = list.get()
    hide('dl-1')
    assert.notEqual(list.get(), before)
  })

  it('follows the daemon only while someone looks, and is read again when they come back', async () => {
    const { list, followers, asked } = listOf(many(6))
    const leave = [list.subscribe(() => {}), list.subscribe(() => {})]
    assert.deepEqual([followers(), asked.length], [1, 1])
    await settle()
    for (const one of leave) one()
    assert.equal(followers(), 0)
    const heard: number[] = []
    list.subscribe(() => heard.push(list.get().total))
    assert.equal(list.get().itemAt(0), 'dl-0')
    assert.equal(asked.length, 2)
    await settle()
    assert.deepEqual(heard, [6])
  })
})

describe('the hold of the order', () => {
  it('ends when the pointer rests, and begins again when it moves', () => {
    const { after, pass } = clock()
    const told: boolean[] = []
    const hold = createOrderHold(after, (isHeld) => told.push(isHeld))
    hold.set(true, 'pointer')
    pass(2900)
    hold.moved()
    pass(2900)
    assert.deepEqual(told, [true])
    pass(200)
    assert.deepEqual(told, [true, false])
    hold.moved()
    assert.deepEqual(told, [true, false, true])
    hold.set(false, 'pointer')
    hold.moved()
    assert.deepEqual(told, [true, false, true, false])
  })

  it('lasts as long as a menu is open', () => {
    const { after, pass } = clock()
    const hold = createOrderHold(after, () => {})
    hold.set(true, 'pointer')
    hold.set(true, 'menu')
    pass(60_000)
    assert.equal(hold.isHeld, true)
    hold.set(false, 'menu')
    assert.equal(hold.isHeld, false)
  })
})
