import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import type { TestContext } from 'node:test'
import type { WireClient } from '../wire/types.ts'
import { createLimiter } from './limiter.ts'
import type { Limiter, Reader } from './limiter.ts'

/** Bytes of nobody in particular. */
const anyone: Reader = { pause() {}, resume() {} }

interface Bench {
  readonly limiter: Limiter
  readonly readSizes: readonly number[]
  readonly now: () => number
  /** Lets time pass, timers included. */
  pass(ms: number): void
  reader(): Reader & { paused(): boolean }
}

function bench(t: TestContext, rate: number | undefined): Bench {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  let time = 0
  const readSizes: number[] = []
  const unused = (): never => assert.fail('the limiter only sets the read size')
  const client: WireClient = {
    get: unused,
    release: unused,
    close: unused,
    setReadSize: (bytes) => readSizes.push(bytes),
  }
  return {
    limiter: createLimiter(client, rate, () => time),
    readSizes,
    now: () => time,
    pass(ms) {
      for (let i = 0; i < ms; i++) {
        time++
        mock.timers.tick(1)
      }
    },
    reader() {
      let pauses = 0
      return {
        pause: () => pauses++,
        resume() {
          pauses--
          assert.ok(pauses >= 0, 'resumed without a pause')
        },
        paused: () => pauses > 0,
      }
    },
  }
}

test('without a rate nobody is ever paused', (t) => {
  const { limiter, reader, readSizes } = bench(t, undefined)
  const one = reader()
  limiter.add(one)
  limiter.spend(1_000_000_000, anyone)
  assert.ok(!one.paused())
  assert.deepEqual(readSizes, [512 * 1024])
})

test('all readers pause when the budget is spent and go on when it is paid', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  const [one, two] = [reader(), reader()]
  limiter.add(one)
  limiter.add(two)
  limiter.spend(500, anyone)
  assert.ok(one.paused() && two.paused())
  pass(499)
  assert.ok(one.paused() && two.paused())
  pass(2)
  assert.ok(!one.paused() && !two.paused())
})

test('a reader that comes during a pause waits with the others', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  limiter.spend(100, anyone)
  const late = reader()
  limiter.add(late)
  assert.ok(late.paused())
  pass(101)
  assert.ok(!late.paused())
})

test('a reader that has left is not touched any more', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  const gone = reader()
  limiter.add(gone)
  limiter.spend(100, anyone)
  limiter.remove(gone)
  gone.resume()
  pass(500)
  assert.ok(!gone.paused())
})

test('bytes that still come during a pause make it longer', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  const one = reader()
  limiter.add(one)
  limiter.spend(100, anyone)
  limiter.spend(100, anyone)
  pass(150)
  assert.ok(one.paused())
  pass(60)
  assert.ok(!one.paused())
})

test('a new rate holds at once, both ways', (t) => {
  const { limiter, reader, pass } = bench(t, 100)
  const one = reader()
  limiter.add(one)
  limiter.spend(1000, anyone)
  limiter.setRate(10_000)
  pass(101)
  assert.ok(!one.paused())
  limiter.spend(1000, anyone)
  limiter.setRate(100)
  pass(5000)
  assert.ok(one.paused())
})

test('taking the limit away lets everybody go at once', (t) => {
  const { limiter, reader } = bench(t, 10)
  const one = reader()
  limiter.add(one)
  limiter.spend(1_000_000, anyone)
  limiter.setRate(undefined)
  assert.ok(!one.paused())
  limiter.spend(1_000_000, anyone)
  assert.ok(!one.paused())
})

test('a limit that comes late holds from then on', (t) => {
  const { limiter, reader, readSizes } = bench(t, undefined)
  const one = reader()
  limiter.add(one)
  limiter.setRate(100_000)
  assert.deepEqual(readSizes, [512 * 1024, 2000])
  limiter.spend(5000, anyone)
  assert.ok(one.paused())
})

test('eight readers together keep to the rate within 3 % over 5 seconds', (t) => {
  const rate = 1_000_000
  const { limiter, reader, pass, now, readSizes } = bench(t, rate)
  const readers = Array.from({ length: 8 }, reader)
  for (const one of readers) limiter.add(one)
  let bytes = 0
  while (now() < 5000) {
    for (const one of readers) {
      if (one.paused()) continue
      bytes += readSizes[0] ?? 0
      limiter.spend(readSizes[0] ?? 0, anyone)
    }
    pass(1)
  }
  assert.ok(Math.abs(bytes / (5 * rate) - 1) <= 0.03, `${bytes}`)
})

test('a reader under two limits reads only while neither is in debt', (t) => {
  const { limiter: all, reader, pass, now } = bench(t, 1000)
  const own = createLimiter({ setReadSize: () => {} }, 500, now)
  const [one, other] = [reader(), reader()]
  for (const each of [one, other]) all.add(each)
  own.add(one)
  all.spend(100, anyone)
  own.spend(100, anyone)
  pass(101)
  assert.ok(one.paused() && !other.paused())
  pass(100)
  assert.ok(!one.paused())
  own.spend(50, anyone)
  all.spend(200, anyone)
  own.setRate(undefined)
  assert.ok(one.paused() && other.paused())
  all.setRate(undefined)
  assert.ok(!one.paused() && !other.paused())
})

test('after a pause those go first that had no turn, for a moment, then all', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  const [fast, small] = [reader(), reader()]
  limiter.add(fast)
  limiter.add(small)
  limiter.spend(100, fast)
  assert.ok(fast.paused() && small.paused())
  pass(100)
  assert.ok(fast.paused() && !small.paused())
  pass(2)
  assert.ok(!fast.paused() && !small.paused())
  limiter.spend(100, fast)
  pass(98)
  assert.ok(fast.paused() && !small.paused())
  limiter.spend(10, small)
  assert.ok(fast.paused() && small.paused())
  pass(10)
  assert.ok(!fast.paused() && !small.paused())
})

test('a rate that is lifted lets all go at once, also in the turn of a few', (t) => {
  const { limiter, reader, pass } = bench(t, 1000)
  const [fast, small] = [reader(), reader()]
  limiter.add(fast)
  limiter.add(small)
  limiter.spend(100, fast)
  pass(100)
  limiter.setRate(undefined)
  assert.ok(!fast.paused() && !small.paused())
  pass(10)
  limiter.remove(small)
  assert.ok(!fast.paused())
})
