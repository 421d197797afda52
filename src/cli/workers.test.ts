import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runWorkers } from './workers.ts'

async function* numbers(count: number, onTake: (n: number) => void = () => {}): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    onTake(n)
    yield n
  }
}

test('items begin in order, as many at once as allowed and no more, and are taken only when needed', async () => {
  let running = 0
  let most = 0
  let taken = 0
  const begun: number[] = []
  await runWorkers(
    numbers(20, () => taken++),
    4,
    async (item, index) => {
      assert.equal(item, index)
      begun.push(item)
      most = Math.max(most, ++running)
      assert.ok(taken <= begun.length + 4)
      await new Promise((done) => setImmediate(done))
      running--
    },
    () => false,
  )
  assert.deepEqual(
    begun,
    Array.from({ length: 20 }, (_, n) => n),
  )
  assert.equal(most, 4)
})

test('after a stop nothing new begins', async () => {
  let begun = 0
  await runWorkers(
    numbers(20),
    2,
    async () => void begun++,
    () => begun >= 3,
  )
  assert.equal(begun, 3)
})

test('a broken sequence rejects after the running work has ended', async () => {
  let ended = false
  async function* broken(): AsyncGenerator<number> {
    yield 1
    throw new Error('cannot be read')
  }
  const work = async (): Promise<void> => {
    await new Promise((done) => setImmediate(done))
    ended = true
  }
  await assert.rejects(
    runWorkers(broken(), 3, work, () => false),
    /cannot be read/,
  )
  assert.ok(ended)
})
