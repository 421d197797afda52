import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { entityOf } from '../faults/answer.ts'
import type { Entity } from '../faults/answer.ts'
import { makeContent } from '../faults/content.ts'
import { bytesSent, startOrigin } from '../faults/server.ts'
import type { Origin } from '../faults/server.ts'
import { checkClaims } from './claims.ts'
import { makePlace, startGet } from './victim.ts'
import type { Place } from './victim.ts'
import { chunked } from '../faults/catalogue/lies.ts'

const MiB = 1_048_576
const content = makeContent(3, 12 * MiB)

/** Why a small file system cannot be mounted here, or false. */
function whyNot(): string | false {
  if (process.platform !== 'linux') return 'a small tmpfs is mounted, which needs Linux'
  if (process.getuid?.() !== 0) return 'a small tmpfs is mounted, which needs root'
  return false
}

/** Runs a test with its download folder on a file system of 16 MiB. */
async function onSmallDisk(entity: Entity, test: (place: Place, origin: Origin) => Promise<void>): Promise<void> {
  const place = makePlace()
  mkdirSync(place.dir)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', place.dir])
  const origin = await startOrigin(entity)
  try {
    await test(place, origin)
  } finally {
    await origin.close()
    execFileSync('umount', [place.dir])
    place.remove()
  }
}

function assertRight(place: Place): void {
  const digest = createHash('sha256')
    .update(readFileSync(join(place.dir, 'file.bin')))
    .digest('hex')
  assert.equal(digest, content.sha256())
}

describe('a full disk', { skip: whyNot() }, () => {
  it('is named before the first byte when the size is known', async () => {
    await onSmallDisk(entityOf(content), async (place, origin) => {
      writeFileSync(join(place.dir, 'other'), Buffer.alloc(10 * MiB))
      const { exit, said } = await startGet(place, [`${origin.base}/file.bin`]).ended
      assert.equal(exit, 6, said)
      assert.match(said, /full|space|room/i)
      assert.ok(!existsSync(join(place.dir, 'file.bin')))
    })
  })

  it('that fills up meanwhile keeps the part, which resumes when there is room again', async () => {
    await onSmallDisk(entityOf(content), async (place, origin) => {
      const other = join(place.dir, 'other')
      // The file fits when it begins; then something else takes the space before its second half comes.
      let takeSpace: (() => void) | undefined = () => writeFileSync(other, Buffer.alloc(9 * MiB))
      origin.scenario = {
        answer(request, correct) {
          if (request.index === 1) return { ...correct, cut: { after: 5 * MiB, how: 'fin' } }
          takeSpace?.()
          takeSpace = undefined
          return correct
        },
      }
      const line = [`${origin.base}/file.bin`, '-x', '1', '--retries', '2']
      const { exit, said } = await startGet(place, line).ended
      assert.equal(exit, 6, said)
      assert.match(said, /full|space|room/i)
      assert.ok(!existsSync(join(place.dir, 'file.bin')))
      const kept = checkClaims(place.dir, content)
      assert.ok(kept >= 4 * MiB, `only ${kept} bytes were kept`)

      rmSync(other)
      const before = bytesSent([origin])
      const again = await startGet(place, line).ended
      assert.equal(again.exit, 0, again.said)
      assertRight(place)
      assert.ok(bytesSent([origin]) - before <= content.size - kept + MiB, 'the part was not used')
    })
  })

  it('never makes a file of what did fit when the length is unknown', async () => {
    const big = makeContent(4, 24 * MiB)
    await onSmallDisk(entityOf(big), async (place, origin) => {
      origin.scenario = { answer: (_request, correct) => chunked(correct, { size: MiB }) }
      const { exit, said } = await startGet(place, [`${origin.base}/file.bin`, '--retries', '1']).ended
      assert.equal(exit, 6, said)
      assert.ok(!existsSync(join(place.dir, 'file.bin')))
    })
  })
})
