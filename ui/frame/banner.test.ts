import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bannerOf } from './banner.ts'
import type { Situation } from './banner.ts'

const health = { status: 'ok', freeSpace: 5000, problems: [] } as const
const well: Situation = { connection: 'live', lastHeard: null, health, minFreeSpace: 100 }

describe('the banner', () => {
  it('is not there when all is well', () => {
    assert.equal(bannerOf(well), null)
    assert.equal(bannerOf({ ...well, connection: 'connecting', health: undefined, minFreeSpace: undefined }), null)
  })

  it('says since when the daemon is silent, before anything else', () => {
    const lastHeard = '2026-11-21T14:02:00.000Z'
    assert.deepEqual(bannerOf({ ...well, connection: 'offline', lastHeard, health: { ...health, freeSpace: 1 } }), {
      kind: 'offline',
      since: lastHeard,
    })
  })

  it('warns when less is free than is to be kept', () => {
    assert.deepEqual(bannerOf({ ...well, health: { ...health, freeSpace: 99 } }), { kind: 'low-disk', freeSpace: 99 })
    assert.equal(bannerOf({ ...well, health: { ...health, freeSpace: 100 } }), null)
  })

  it('passes on what the daemon itself complains of', () => {
    const problems = ['The database fails.']
    assert.deepEqual(bannerOf({ ...well, connection: 'polling', health: { ...health, problems } }), {
      kind: 'unwell',
      problem: 'The database fails.',
    })
  })

  it('notes quietly that changes come late', () => {
    assert.deepEqual(bannerOf({ ...well, connection: 'polling' }), { kind: 'polling' })
  })
})
