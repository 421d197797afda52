import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { after, before, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { makeContent } from '../faults/content.ts'
import { readAccessLog, startNginx } from '../support/nginx.ts'
import type { Nginx } from '../support/nginx.ts'
import { checkClaims, claimedBytes } from './claims.ts'
import { makePlace, startGet } from './victim.ts'
import type { Place } from './victim.ts'

const MiB = 1_048_576
const content = makeContent(5, 256 * MiB)
/** Of each connection, so that two kills find it at work. */
const limit = 'location / { limit_rate 12m; }'

function* pieces(): Generator<Buffer> {
  for (let at = 0; at < content.size; at += MiB) yield content.read(at, at + MiB)
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

/** Waits until the sessions of the folder claim at least so many bytes. */
async function claimed(place: Place, atLeast: number): Promise<void> {
  while (claimedBytes(place.dir) < atLeast) await delay(20)
}

describe('256 MiB from a real nginx, killed twice', () => {
  let server: Nginx
  let files: Place
  before(async () => {
    files = makePlace()
    mkdirSync(files.dir)
    await pipeline(Readable.from(pieces()), createWriteStream(join(files.dir, 'big.bin')))
    server = await startNginx({ files: files.dir, tls: true, extraLocations: limit })
  })
  after(async () => {
    await server.stop()
    files.remove()
  })

  for (const scheme of ['http', 'https'] as const) {
    it(`ends with the right SHA-256 over ${scheme}`, { timeout: 120_000 }, async () => {
      const place = makePlace()
      try {
        const already = (await readAccessLog(server)).length
        const line = [`${server[scheme]}/big.bin`, '-x', '4', ...(scheme === 'https' ? ['--cacert', server.cert] : [])]
        for (const share of [0.25, 0.6]) {
          const victim = startGet(place, line)
          const early = victim.ended.then(({ said }) => `ended too early: ${said}`)
          assert.equal(await Promise.race([claimed(place, content.size * share), early]), undefined)
          victim.kill()
          await victim.ended
          assert.ok(checkClaims(place.dir, content) >= content.size * share)
        }
        const last = await startGet(place, [...line, '--sha256', content.sha256()]).ended
        assert.equal(last.exit, 0, last.said)
        assert.equal(await digestOf(join(place.dir, 'big.bin')), content.sha256())
        const sent = (await readAccessLog(server)).slice(already).reduce((sum, request) => sum + request.bytes, 0)
        assert.ok(sent < content.size * 1.8, `nginx sent ${sent} bytes for a file of ${content.size}`)
      } finally {
        place.remove()
      }
    })
  }
})
