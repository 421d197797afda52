import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { answerOf, entityOf } from '../faults/answer.ts'
import { makeContent, randomNumbers } from '../faults/content.ts'
import type { Content } from '../faults/content.ts'
import { bytesSent, startOrigin } from '../faults/server.ts'
import type { Origin, Scenario } from '../faults/server.ts'
import { checkClaims } from './claims.ts'
import { makePlace, startGet } from './victim.ts'
import type { Place } from './victim.ts'

const MiB = 1_048_576
const kills = Number(process.env['SLUICE_KILLS'] ?? 150)
const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000)
/** Loops at once; each needs little processor time because the servers are slow. */
const loops = 4
/** Promise 2: no more than what came in so many milliseconds before a kill is fetched again. */
const lostTraffic = 2000
/** Kills of one file, after which it may end in peace. */
const mostKills = 12

/** Bytes sent by an origin, sampled, so that the traffic before a kill can be told. */
function watchTraffic(origin: Origin): { lately(): number; stop(): void } {
  const samples: Array<readonly [at: number, sent: number]> = []
  const timer = setInterval(() => samples.push([performance.now(), bytesSent([origin])]), 20)
  return {
    lately() {
      const since = performance.now() - lostTraffic
      const before = samples.findLast(([at]) => at <= since)
      return bytesSent([origin]) - (before?.[1] ?? 0)
    },
    stop: () => clearInterval(timer),
  }
}

/** Each request has its own fate. `lost` counts bytes that a reset may take away. */
function randomFaults(random: () => number, rate: number, lost: { bytes: number }): Scenario {
  return {
    connect: () => (random() % 20 === 0 ? 'reset' : 'serve'),
    answer(_request, correct) {
      const after = random() % (2 * MiB)
      switch (random() % 16) {
        case 0:
        case 1:
          return { ...correct, rate, cut: { after, how: 'fin' } }
        case 2:
          lost.bytes += MiB
          return { ...correct, rate, cut: { after, how: 'rst' } }
        case 3:
          return answerOf(503, [], Buffer.alloc(0))
        case 4:
          return { ...correct, rate, cut: { after, how: 'stall' } }
        default:
          return { ...correct, rate }
      }
    },
  }
}

/** Under its final name a file is complete and right, at any moment. */
function checkFinal(place: Place, content: Content): boolean {
  const path = join(place.dir, 'file.bin')
  if (!existsSync(path)) return false
  assert.equal(
    createHash('sha256').update(readFileSync(path)).digest('hex'),
    content.sha256(),
    'the finished file is wrong',
  )
  return true
}

interface Killing {
  readonly random: () => number
  readonly content: Content
  /** Bytes per second of each connection. */
  readonly rate: number
  readonly connections: number
  readonly faults: boolean
  /** Milliseconds after the start of a run in which it is killed. */
  readonly between: readonly [from: number, to: number]
  readonly most: number
}

/** Fetches one file with kills on the way; gives back how many there were. */
async function killed(options: Killing): Promise<number> {
  const { random, content, rate, connections, faults, between, most } = options
  const lost = { bytes: 0 }
  const scenario = faults ? randomFaults(random, rate, lost) : { rate }
  const origin = await startOrigin(entityOf(content), scenario)
  const traffic = watchTraffic(origin)
  const place = makePlace()
  let count = 0
  let allowed = 0
  try {
    for (;;) {
      const victim = startGet(place, [
        ...[`${origin.base}/file.bin`, '-x', String(connections)],
        ...['--retries', '3', '--stall-timeout', '1', '--connect-timeout', '2'],
      ])
      const moment = between[0] + (random() % (between[1] - between[0]))
      const first = count < most ? await Promise.race([victim.ended, delay(moment, null)]) : await victim.ended
      if (first === null) {
        allowed += traffic.lately()
        victim.kill()
        count++
      }
      const { exit, said } = await victim.ended
      checkClaims(place.dir, content)
      const finished = checkFinal(place, content)
      if (exit === 0) {
        assert.ok(finished, `it says that it is done, and there is no file: ${said}`)
        break
      }
      assert.ok(exit === null || exit === 3 || exit === 4, `exit ${exit}: ${said}`)
    }
    // Ranges that two connections fetch at once at the end, and what a socket held when its range was given away.
    const overlap = connections === 1 ? 0 : content.size * 0.15 + (count + 1) * MiB
    const again = bytesSent([origin]) - content.size
    const limit = allowed + lost.bytes + overlap + (count + 1) * 256 * 1024
    assert.ok(again <= limit, `${again} bytes were fetched again after ${count} kills, ${limit} are allowed`)
  } finally {
    traffic.stop()
    await origin.close()
    place.remove()
  }
  return count
}

describe(`kill -9 (SLUICE_SEED=${seed})`, { concurrency: loops + 1 }, () => {
  for (let loop = 0; loop < loops; loop++) {
    it(`leaves every file right, with random faults, loop ${loop + 1} of ${loops}`, async () => {
      const random = randomNumbers(seed + loop)
      for (let done = 0; done < kills / loops;) {
        const size = 8 * MiB + (random() % (24 * MiB))
        const content = makeContent(random(), size)
        done += await killed({
          random,
          content,
          rate: 4 * MiB,
          connections: 4,
          faults: true,
          between: [100, 2200],
          most: mostKills,
        })
      }
    })
  }

  it('costs at most two seconds of traffic', async () => {
    const random = randomNumbers(seed + loops)
    const content = makeContent(random(), 24 * MiB)
    const count = await killed({
      random,
      content,
      rate: 1.5 * MiB,
      connections: 1,
      faults: false,
      between: [3500, 5000],
      most: 4,
    })
    assert.ok(count >= 3)
  })
})
