import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { RawRequest } from '../../test/support/raw-server.ts'
import { wireFixture } from '../../test/support/wire-fixture.ts'
import type { WireClient } from './types.ts'

interface Part {
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

/** Reads a body, keeping every buffer that may be kept; `parts` hold the bytes in order. */
function keepAll(
  client: WireClient,
  url: URL,
): {
  readonly kept: Part[]
  readonly copied: Buffer[]
  readonly order: Array<Part | Buffer>
  readonly done: Promise<void>
} {
  const kept: Part[] = []
  const copied: Buffer[] = []
  const order: Array<Part | Buffer> = []
  const done = new Promise<void>((resolve, reject) => {
    client.get(
      { url, headers: [], keepBuffers: true },
      {
        head: () => undefined,
        data(buffer, start, end, keepable) {
          if (keepable) {
            const part = { buffer, start, end }
            kept.push(part)
            order.push(part)
            return true
          }
          const copy = Buffer.from(buffer.subarray(start, end))
          copied.push(copy)
          order.push(copy)
          return undefined
        },
        end: () => resolve(),
        fail: reject,
      },
    )
  })
  return { kept, copied, order, done }
}

const body = Buffer.alloc(6_000_000, 'abcdefghijklmnopqrstuvwxyz0123456789')
const sendBody = ({ socket }: RawRequest): void => {
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
  socket.write(body)
}

describe('kept read buffers', () => {
  const wire = wireFixture()

  it('hold their bytes until they are released, and reading waits for that', async () => {
    await wire.start(sendBody)
    const { kept, order, done } = keepAll(wire.client, wire.server.url('/'))
    let finished = false
    const finish = done.then(() => {
      finished = true
    })
    const whole: Buffer[] = []
    let taken = 0
    const take = (): void => {
      for (; taken < order.length; taken++) {
        const part = order[taken]
        if (part === undefined) return
        if (Buffer.isBuffer(part)) whole.push(part)
        else {
          whole.push(Buffer.from(part.buffer.subarray(part.start, part.end)))
          wire.client.release(part.buffer)
        }
      }
    }
    while (!finished) {
      for (let index = 0; index < 20; index++) await turn()
      const waiting = order.slice(taken).filter((part) => !Buffer.isBuffer(part)) as Part[]
      assert.ok(new Set(waiting.map((part) => part.buffer)).size <= 4, 'never more than the ring holds')
      take()
    }
    await finish
    take()
    assert.ok(Buffer.concat(whole).equals(body))
    assert.ok(kept.length > 4)
    assert.ok(new Set(kept.map((part) => part.buffer)).size <= 4)
  })

  it('are for one exchange at a time; another reads through the shared buffer', async () => {
    await wire.start(sendBody)
    const first = keepAll(wire.client, wire.server.url('/'))
    const second = keepAll(wire.client, wire.server.url('/'))
    await second.done
    assert.ok(Buffer.concat(second.copied).equals(body))
    assert.equal(second.kept.length, 0)
    while (first.kept.length < 4) await turn()
    for (const part of first.kept.splice(0)) wire.client.release(part.buffer)
    const goOn = setInterval(() => first.kept.splice(0).forEach((part) => wire.client.release(part.buffer)), 1)
    await first.done
    clearInterval(goOn)
    first.kept.splice(0).forEach((part) => wire.client.release(part.buffer))
    // The ring is free again.
    const third = keepAll(wire.client, wire.server.url('/'))
    while (third.kept.length < 4) await turn()
  })

  it('cannot be released twice', async () => {
    await wire.start(sendBody)
    const { kept } = keepAll(wire.client, wire.server.url('/'))
    while (kept.length < 4) await turn()
    const part = kept[0]
    assert.ok(part)
    wire.client.release(part.buffer)
    assert.throws(() => wire.client.release(part.buffer), { code: 'internal' })
  })

  it('are kept once for each chunk that lies in them', async () => {
    const chunk = `4000\r\n${'y'.repeat(0x4000)}\r\n`
    await wire.start(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(200)}0\r\n\r\n`),
    )
    const { kept, copied, done } = keepAll(wire.client, wire.server.url('/'))
    let bytes = 0
    const goOn = setInterval(() => {
      for (const part of kept.splice(0)) {
        assert.equal(part.buffer[part.start], 'y'.charCodeAt(0))
        bytes += part.end - part.start
        wire.client.release(part.buffer)
      }
    }, 1)
    await done
    await new Promise((resolve) => setTimeout(resolve, 5))
    clearInterval(goOn)
    assert.equal(bytes + copied.reduce((sum, copy) => sum + copy.length, 0), 200 * 0x4000)
  })
})
