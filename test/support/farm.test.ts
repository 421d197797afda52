import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { until } from './daemon.ts'
import { startFarm } from './farm.ts'
import type { Farm, Trouble } from './farm.ts'

const size = 5000

interface Line {
  readonly socket: Socket
  /** Sends one request for each path, all at once. */
  ask(...paths: string[]): void
  /** All that came, as Latin-1, in the very moment in which so many whole files are there. */
  files(count: number): Promise<string>
}

async function dial(t: TestContext, farm: Farm): Promise<Line> {
  const socket = connect(Number(new URL(farm.origin).port), '127.0.0.1')
  t.after(() => socket.destroy())
  let text = ''
  socket.on('data', (bytes) => (text += bytes.toString('latin1')))
  await once(socket, 'connect')
  const whole = (): number =>
    text.split(/HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)+\r\n/).filter(({ length }) => length === size).length
  return {
    socket,
    ask: (...paths) => void socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: farm\r\n\r\n`).join('')),
    async files(count) {
      while (whole() < count) await once(socket, 'data')
      return text
    },
  }
}

/** Holds each answer open for `open` milliseconds behind its last byte. */
async function slowFarm(t: TestContext, open: number, troubles: readonly Trouble[] = ['none']): Promise<Farm> {
  const farm = await startFarm(t)
  farm.rate = size / (open / 1000)
  farm.plant('/first', size)
  for (const [index, trouble] of troubles.entries()) farm.plant(`/next${index}`, size, trouble)
  return farm
}

const limits = { timeout: 180_000 }

test('who asks again with the last byte of an answer, before the server ends it, is answered', limits, async (t) => {
  const farm = await slowFarm(t, 200)
  const line = await dial(t, farm)
  line.ask('/first')
  await line.files(1)
  assert.deepEqual(farm.open(), ['/first'])
  line.ask('/next0')
  await line.files(2)
})

test('requests that come together are answered in order', limits, async (t) => {
  const farm = await slowFarm(t, 20, ['none', 'stalls', 'none'])
  const line = await dial(t, farm)
  const paths = ['/first', '/next0', '/next1', '/next2']
  line.ask(...paths)
  const text = await line.files(4)
  const places = paths.map((path) => text.indexOf(farm.content(path).read(0, size).toString('latin1')))
  assert.ok(!places.includes(-1), `found at ${places.join(' ')}`)
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
})

for (const trouble of ['drops', 'resets'] as const)
  test(`an answer that has waited for its turn breaks off as planned (${trouble})`, limits, async (t) => {
    const farm = await slowFarm(t, 20, [trouble])
    const line = await dial(t, farm)
    line.socket.on('error', () => {})
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    line.socket.on('close', () => resolve())
    line.ask('/first', '/next0')
    await closed
    assert.deepEqual([farm.sent('/first'), farm.sent('/next0')], [size, size / 2])
  })

test('what waits for its turn is over when the client goes', limits, async (t) => {
  const farm = await slowFarm(t, 1000)
  const line = await dial(t, farm)
  line.ask('/first', '/next0')
  await line.files(1)
  line.socket.destroy()
  await until(
    () => farm.open().length === 0 || undefined,
    60_000,
    () => `open: ${farm.open().join(' ')}`,
  )
  assert.equal(farm.sent('/next0'), 0)
})
