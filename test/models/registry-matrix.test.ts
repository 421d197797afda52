import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { randomNumbers } from '../faults/content.ts'
import { bytesOf, ollamaModel } from '../support/model-fixture.ts'
import { nameOf, pull, pullPlace, startPull } from '../support/pull-run.ts'
import type { PullEnd, PullPlace } from '../support/pull-run.ts'
import { startFaultyRegistry } from '../support/registry-faults.ts'
import type { FaultyRegistry, Faults } from '../support/registry-faults.ts'
import { holdsModels } from './holds-models.ts'
import { startTokenIssuer } from '../support/token-issuer.ts'
import { basicUser } from '../support/registry.ts'
import { allPairs } from './all-pairs.ts'
import type { Cell } from './all-pairs.ts'

const MiB = 1_048_576
const seed = Number(process.env['SLUICE_SEED'] ?? Date.now() % 1_000_000)
const model = ollamaModel({ size: 4 * MiB })
/** Bytes per second of a connection: with a cap little more is on its way in sockets than was read. */
const rate = 6 * MiB

const dimensions = {
  blobs: ['200', '302', '307 same host', '307 other host', '2 hops'],
  auth: ['anonymous', 'basic', 'token', 'token ends', 'realm elsewhere'],
  ranges: ['ok', 'ignored', 'ignored-once', 'wrong-content-range', 'no-length', 'lying-416'],
  event: ['kill', 'stall', 'reset', 'slow-tail', 'busy', 'expired', 'flipped-byte'],
} as const

type MatrixCell = Omit<Cell<typeof dimensions>, 'event'> & {
  readonly event: (typeof dimensions.event)[number] | 'none' | 'short-body' | 'portal'
}

const cells: readonly MatrixCell[] = [
  ...allPairs(dimensions),
  { blobs: '307 other host', auth: 'token', ranges: 'ok', event: 'none' },
  { blobs: '307 other host', auth: 'token', ranges: 'ok', event: 'short-body' },
  { blobs: '200', auth: 'anonymous', ranges: 'ok', event: 'portal' },
]

const ways: Readonly<Record<MatrixCell['blobs'], Faults>> = {
  '200': { way: 'direct' },
  '302': { way: 'other-host', redirect: 302 },
  '307 same host': { way: 'same-host' },
  '307 other host': { way: 'other-host' },
  '2 hops': { way: 'two-hops' },
}

/** What the first run may end with when it does not succeed, which it may do in any case. */
function mayFailWith({ ranges, event }: MatrixCell): readonly (string | undefined)[] {
  // Nothing is left to go on from where the place of bytes is told wrongly.
  const lost = ranges === 'wrong-content-range' ? ['range-mismatch'] : []
  if (event === 'flipped-byte' || event === 'kill') return ['digest-mismatch', ...lost]
  if (event === 'portal') return ['not-the-file', 'size-mismatch']
  return lost
}

/**
 * Most bytes of blobs that a cell may cost, all runs together. What was on its way in sockets that were closed counts, so
 * the least that tells anything is that nothing came twice as a whole.
 */
function mostBytes({ ranges, event }: MatrixCell): number {
  const size = bytesOf(model)
  const isWholeAgain = ranges !== 'ok' && ranges !== 'lying-416'
  // A checkpoint is at most two seconds old, which is all of this blob.
  const runs = event === 'flipped-byte' || event === 'kill' ? 2 : 1
  return runs * (isWholeAgain && event !== 'none' ? size * 4 : size * 1.9 + MiB)
}

async function firstRun(
  cell: MatrixCell,
  place: PullPlace,
  registry: FaultyRegistry,
  moment: number,
): Promise<PullEnd> {
  // A busy machine stalls as well, which costs bytes that these bounds do not know.
  const patience = cell.event === 'stall' ? '1' : '15'
  const run = startPull(place, registry.url, nameOf(model), '--stall-timeout', patience, '--retries', '3')
  if (cell.event === 'kill') {
    await Promise.race([run.ended, delay(moment)])
    run.kill()
  }
  return run.ended
}

async function runCell(cell: MatrixCell, moment: number): Promise<void> {
  await using issuer = await startTokenIssuer({
    host: cell.auth === 'realm elsewhere' ? 'localhost' : '127.0.0.1',
    ...(cell.auth === 'realm elsewhere' ? {} : { user: basicUser }),
  })
  await using registry = await startFaultyRegistry([model], {
    ...ways[cell.blobs],
    auth: cell.auth === 'anonymous' ? 'none' : cell.auth === 'basic' ? 'basic' : issuer,
    revokes: cell.auth === 'token ends',
    ranges: cell.ranges,
    trouble: cell.event === 'kill' ? 'none' : cell.event,
    rate,
  })
  using place = pullPlace()
  if (cell.auth !== 'anonymous' && cell.auth !== 'realm elsewhere') place.login(registry.host)

  const first = await firstRun(cell, place, registry, moment)
  if (first.exit !== 0) {
    const isExpected = first.exit === null ? cell.event === 'kill' : mayFailWith(cell).includes(first.code)
    assert.ok(isExpected, `exit ${first.exit}: ${first.said}`)
    await holdsModels(place.store, [])
    registry.heal(rate)
    const second = await pull(place, registry.url, nameOf(model))
    assert.equal(second.exit, 0, second.said)
  }
  await holdsModels(place.store, [model])
  assert.deepEqual(
    registry.cdnRequests.filter(({ headers }) => headers.has('authorization')),
    [],
    'credentials went to another origin',
  )
  for (const { authorization } of cell.auth === 'realm elsewhere' ? issuer.requests : [])
    assert.equal(authorization, undefined)
  const sent = registry.blobBytes()
  assert.ok(sent <= mostBytes(cell), `${sent} bytes were sent for ${bytesOf(model)}, ${mostBytes(cell)} are allowed`)
}

describe(`pulling from registries that do what real ones did (SLUICE_SEED=${seed})`, { concurrency: 4 }, () => {
  const random = randomNumbers(seed)
  for (const cell of cells) {
    const moment = 150 + (random() % 900)
    it(Object.values(cell).join(', '), { timeout: 180_000 }, () => runCell(cell, moment))
  }
})
