import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { randomNumbers } from '../faults/content.ts'
import { until } from '../support/daemon.ts'
import { bytesOf, largestBlob, ollamaModel, titledArtifact } from '../support/model-fixture.ts'
import { nameOf, pull, pullPlace, startPull } from '../support/pull-run.ts'
import type { PullPlace } from '../support/pull-run.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import { startFront } from '../support/registry-front.ts'
import { startRegistry } from '../support/registry.ts'
import { holdsModels } from './holds-models.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'

const MiB = 1_048_576
const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000)
const random = randomNumbers(seed)
const limits = { timeout: 240_000 }

/** Why a small file system cannot be mounted here, or false. */
function whyNot(): string | false {
  if (process.platform !== 'linux') return 'a small tmpfs is mounted, which needs Linux'
  if (process.getuid?.() !== 0) return 'a small tmpfs is mounted, which needs root'
  return false
}

/** Makes the store of a place a file system of 16 MiB. */
function smallDisk(place: PullPlace): Disposable {
  mkdirSync(place.store)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', place.store])
  return { [Symbol.dispose]: () => void execFileSync('umount', [place.store]) }
}

describe(`a pull that is interrupted (SLUICE_SEED=${seed})`, { concurrency: 3 }, () => {
  it('goes on after kill -9 twice, and fetches no more than two seconds of traffic again', limits, async () => {
    const model = ollamaModel({ size: 40 * MiB, seed: 11 })
    await using registry = await startFaultyRegistry([model], { rate: 3 * MiB })
    using place = pullPlace()
    let allowed = 0
    for (let kill = 0; kill < 2; kill++) {
      const before = registry.blobBytes()
      const run = startPull(place, registry.url, nameOf(model), '--connections', '2')
      const late = before + 7 * MiB + (random() % MiB)
      const seen: Array<{ at: number; bytes: number }> = []
      const watch = setInterval(() => seen.push({ at: performance.now(), bytes: registry.blobBytes() }), 20)
      const ended = run.ended.then(({ said }) => `ended before the kill: ${said}`)
      const reached = until(
        () => registry.blobBytes() > late || undefined,
        120_000,
        () => 'no bytes came',
      )
      assert.equal(await Promise.race([ended, reached]), true)
      clearInterval(watch)
      const lately = seen.findLast(({ at }) => at < performance.now() - 2000)?.bytes ?? before
      run.kill()
      await run.ended
      allowed += registry.blobBytes() - lately
      await holdsModels(place.store, [])
    }
    const was = registry.blobBytes()
    registry.heal()
    const last = await pull(place, registry.url, nameOf(model))
    assert.equal(last.exit, 0, last.said)
    await holdsModels(place.store, [model])
    const twice = registry.blobBytes() - bytesOf(model)
    assert.ok(twice <= allowed + 8 * MiB, `${twice} bytes twice, ${allowed} came in the two seconds before the kills`)
    assert.ok(twice < was * 0.9, `${twice} bytes twice of ${was} before the kills`)
  })

  it('survives tokens that end in the middle of a blob', limits, async () => {
    await using issuer = await startTokenIssuer({ expiresIn: 1 })
    await using registry = await startRegistry({ auth: issuer })
    const model = ollamaModel({ size: 16 * MiB, seed: 12 })
    await registry.push(model)
    await using front = await startFront(registry, { blobs: 'direct', slowRate: '1m' })
    await front.slow(true)
    using place = pullPlace()
    const done = await pull(place, front.url, nameOf(model), '--connections', '4')
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
    assert.ok(issuer.requests.length > 1, 'the token held all the time')
  })

  it('asks for a new address when the old one has expired', limits, async () => {
    await using registry = await startRegistry()
    const model = ollamaModel({ size: 48 * MiB, seed: 13 })
    await registry.push(model)
    await using front = await startFront(registry, { signedFor: 1, otherName: true, slowRate: '3m' })
    await front.slow(true)
    using place = pullPlace()
    const done = await pull(place, front.url, nameOf(model), '--connections', '4')
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
    const hex = largestBlob(model).digest.slice('sha256:'.length)
    const asked = (await front.requests()).filter(({ uri }) => uri.includes(hex))
    assert.ok(asked.filter(({ status }) => status === 307).length > 1, 'one address was enough')
    assert.ok(!asked.some(({ status }) => status === 403))
  })

  it('goes on in place when the address expires under it', limits, async () => {
    const model = ollamaModel({ size: 6 * MiB, seed: 14 })
    await using registry = await startFaultyRegistry([model], { way: 'other-host', trouble: 'expired', rate: 6 * MiB })
    using place = pullPlace()
    const done = await pull(place, registry.url, nameOf(model))
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
    assert.ok(registry.cdnRequests.some(({ status }) => status === 403))
    assert.ok(registry.blobBytes() < bytesOf(model) + 2 * MiB)
  })

  it('waits as long as a busy server asks for', limits, async () => {
    await using registry = await startRegistry()
    const model = ollamaModel({ seed: 15 })
    await registry.push(model)
    await using front = await startFront(registry)
    await front.busy(true)
    using place = pullPlace()
    const run = startPull(place, front.url, nameOf(model))
    await until(
      async () => (await front.requests()).some(({ status }) => status === 429) || undefined,
      60_000,
      () => 'nothing was refused',
    )
    await front.busy(false)
    const done = await run.ended
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
  })

  it('two at once of the same model leave one right store', limits, async () => {
    const model = ollamaModel({ size: 4 * MiB, seed: 16 })
    await using registry = await startFaultyRegistry([model], { rate: 6 * MiB })
    using place = pullPlace()
    const ends = await Promise.all([1, 2].map(() => pull(place, registry.url, nameOf(model))))
    assert.ok(
      ends.some(({ exit }) => exit === 0),
      ends.map(({ said }) => said).join('\n'),
    )
    for (const { exit, code, said } of ends) assert.ok(exit === 0 || code === 'in-use', said)
    await holdsModels(place.store, [model])
  })
})

describe('a full disk', { skip: whyNot(), concurrency: 2 }, () => {
  it('is named before the first byte of a blob', limits, async () => {
    const model = ollamaModel({ size: 12 * MiB, seed: 17 })
    await using registry = await startFaultyRegistry([model])
    using place = pullPlace()
    using _disk = smallDisk(place)
    const other = join(place.store, 'other')
    writeFileSync(other, Buffer.alloc(10 * MiB))
    const full = await pull(place, registry.url, nameOf(model))
    assert.deepEqual([full.exit, full.code], [6, 'disk-full'], full.said)
    assert.equal(registry.blobBytes(largestBlob(model).digest), 0)
    rmSync(other)
    await holdsModels(place.store, [])
    const done = await pull(place, registry.url, nameOf(model))
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
  })

  it('is named before the first byte where a zip takes more than its blobs', limits, async () => {
    const files = { 'a.bin': 'a'.repeat(9 * MiB), 'b.bin': 'b'.repeat(5 * MiB) }
    const artifact = titledArtifact({ name: 'two/files' }, files)
    await using registry = await startFaultyRegistry([artifact])
    using place = pullPlace()
    using _disk = smallDisk(place)
    const full = await pull(place, registry.url, nameOf(artifact), '--zip', join(place.store, 'model.zip'))
    assert.deepEqual([full.exit, full.code], [6, 'disk-full'], full.said)
    assert.equal(registry.blobBytes(), 0)
  })

  it('that fills up meanwhile keeps what is here, and the same line goes on', limits, async () => {
    const model = ollamaModel({ size: 12 * MiB, seed: 18 })
    await using registry = await startFaultyRegistry([model], { rate: 2 * MiB })
    using place = pullPlace()
    using _disk = smallDisk(place)
    const other = join(place.store, 'other')
    const run = startPull(place, registry.url, nameOf(model), '--connections', '1')
    await until(
      () => registry.blobBytes() > 5 * MiB || undefined,
      60_000,
      () => 'no bytes came',
    )
    writeFileSync(other, Buffer.alloc(9 * MiB))
    const full = await run.ended
    assert.deepEqual([full.exit, full.code], [6, 'disk-full'], full.said)
    assert.ok(!existsSync(join(place.store, 'blobs', largestBlob(model).digest.replace(':', '-'))))
    rmSync(other)
    await holdsModels(place.store, [])
    const before = registry.blobBytes()
    registry.heal()
    const done = await pull(place, registry.url, nameOf(model))
    assert.equal(done.exit, 0, done.said)
    await holdsModels(place.store, [model])
    const again = registry.blobBytes() - before
    assert.ok(again <= bytesOf(model) - 4 * MiB, `${again} bytes came after the disk was full: nothing was kept`)
  })
})
