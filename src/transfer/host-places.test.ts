import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHostPlaces } from './host-places.ts'
import type { HostPlaces, PlaceTaker } from './host-places.ts'

const host = 'a.test'

interface Taker extends PlaceTaker {
  readonly lanes: Set<number>
  readonly woken: number
  take(): void
  leave(): void
}

/** Takes a place whenever it is woken and there is room. */
function taker(places: HostPlaces, wants: number): Taker {
  let woken = 0
  const self: Taker = {
    lanes: new Set(),
    get woken() {
      return woken
    },
    take() {
      places.take(host, self)
      self.lanes.add(self.lanes.size)
    },
    leave() {
      self.lanes.delete(self.lanes.size - 1)
      places.leave(host, self)
    },
    wake() {
      woken++
      while (self.lanes.size < wants && places.room(host, self) > 0) self.take()
      if (self.lanes.size < wants) places.wait(host, self)
      else places.stopWaiting(self)
    },
    spare: () => self.lanes.size > 1 && self.leave(),
  }
  return self
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('without a cap there is always room', () => {
  const places = createHostPlaces(undefined)
  const one = taker(places, 100)
  one.wake()
  assert.equal(places.room(host, one), Infinity)
  assert.equal(one.lanes.size, 100)
})

test('one transfer gets all places, and as many at another host', () => {
  const places = createHostPlaces(4)
  const one = taker(places, 9)
  one.wake()
  assert.equal(one.lanes.size, 4)
  assert.equal(places.room('b.test', one), 4)
})

test('a transfer without any connection gets one of those that another has several of', async () => {
  const places = createHostPlaces(4)
  const [rich, poor] = [taker(places, 9), taker(places, 9)]
  rich.wake()
  poor.wake()
  await turn()
  assert.deepEqual([rich.lanes.size, poor.lanes.size], [3, 1])
})

test('with one connection each the next waits until one ends, in the order of coming', async () => {
  const places = createHostPlaces(2)
  const takers = Array.from({ length: 4 }, () => taker(places, 3))
  for (const one of takers) one.wake()
  await turn()
  const sizes = (): number[] => takers.map((one) => one.lanes.size)
  assert.deepEqual(sizes(), [1, 1, 0, 0])
  takers[1]?.leave()
  assert.equal(places.room(host, takers[0] as Taker), 0, 'the place is kept for the one that waits')
  await turn()
  assert.deepEqual(sizes(), [1, 0, 1, 0])
})

test('a transfer that stopped waiting keeps no place from others', () => {
  const places = createHostPlaces(1)
  const [one, two] = [taker(places, 1), taker(places, 1)]
  one.wake()
  two.wake()
  one.leave()
  assert.equal(places.room(host, one), 0)
  places.stopWaiting(two)
  assert.equal(places.room(host, taker(places, 1)), 1)
})

test('a higher cap wakes those that wait; a lower one takes nothing away', async () => {
  const places = createHostPlaces(1)
  const [one, two] = [taker(places, 2), taker(places, 2)]
  one.wake()
  two.wake()
  places.setCap(4)
  await turn()
  assert.deepEqual([one.lanes.size, two.lanes.size], [2, 2])
  places.setCap(1)
  await turn()
  assert.deepEqual([one.lanes.size, two.lanes.size], [2, 2])
  assert.equal(places.room(host, one), 0)
  places.setCap(undefined)
  assert.equal(places.room(host, one), Infinity)
})
