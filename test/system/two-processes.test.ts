import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { entityOf } from '../faults/answer.ts'
import { makeContent } from '../faults/content.ts'
import { startOrigin } from '../faults/server.ts'
import { makePlace, startGet } from './victim.ts'
import type { Place } from './victim.ts'

const MiB = 1_048_576
const content = makeContent(2, 16 * MiB)

/** Names of finished files in the folder, each of which must be right. */
function rightFiles(place: Place): string[] {
  const names = readdirSync(place.dir).filter((name) => name.endsWith('.bin'))
  for (const name of names) {
    const digest = createHash('sha256')
      .update(readFileSync(join(place.dir, name)))
      .digest('hex')
    assert.equal(digest, content.sha256(), `${name} is wrong`)
  }
  return names
}

describe('two processes, one address, one folder', () => {
  it('do each other no harm', async () => {
    const origin = await startOrigin(entityOf(content), { rate: 8 * MiB })
    const place = makePlace()
    try {
      const both = [1, 2].map(() => startGet(place, [`${origin.base}/file.bin`]))
      const ends = await Promise.all(both.map((one) => one.ended))
      const said = ends.map((end) => `${end.exit}: ${end.said}`).join('\n')
      assert.ok(
        ends.some((end) => end.exit === 0),
        said,
      )
      assert.ok(
        ends.every((end) => end.exit === 0 || end.exit === 1),
        said,
      )
      assert.ok(rightFiles(place).includes('file.bin'), said)
      assert.deepEqual(
        readdirSync(place.dir).filter((name) => name.endsWith('.part')),
        [],
      )
    } finally {
      await origin.close()
      place.remove()
    }
  })

  it('the second names the reason, the first is not disturbed', async () => {
    let underWay = (): void => undefined
    const begun = new Promise<void>((resolve) => (underWay = resolve))
    const origin = await startOrigin(entityOf(content), {
      rate: MiB / 2,
      answer: (request, correct) => {
        if (request.range !== null) underWay()
        return correct
      },
    })
    const place = makePlace()
    const line = [`${origin.base}/file.bin`, '-x', '2']
    try {
      const first = startGet(place, line)
      // A second connection means that the first process has a part with a session.
      await begun
      const second = await startGet(place, line).ended
      assert.equal(second.exit, 1, second.said)
      assert.match(second.said, /another Sluice/)
      first.kill('SIGINT')
      assert.equal((await first.ended).exit, 130)
      origin.scenario = {}
      assert.equal((await startGet(place, line).ended).exit, 0)
      assert.deepEqual(rightFiles(place), ['file.bin'])
    } finally {
      await origin.close()
      place.remove()
    }
  })

  it('a killed one does not lock the others out', async () => {
    let underWay = (): void => undefined
    const begun = new Promise<void>((resolve) => (underWay = resolve))
    const origin = await startOrigin(entityOf(content), {
      rate: 8 * MiB,
      answer: (request, correct) => {
        if (request.range !== null) underWay()
        return correct
      },
    })
    const place = makePlace()
    try {
      const first = startGet(place, [`${origin.base}/file.bin`, '-x', '4'])
      await begun
      first.kill()
      await first.ended
      assert.ok(existsSync(join(place.dir, 'file.bin.part')))
      const second = await startGet(place, [`${origin.base}/file.bin`]).ended
      assert.equal(second.exit, 0, second.said)
      assert.deepEqual(rightFiles(place), ['file.bin'])
    } finally {
      await origin.close()
      place.remove()
    }
  })
})
