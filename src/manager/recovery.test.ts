import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listLog, manualClock } from '../../test/support/manager-parts.ts'
import { scriptedEngine } from '../../test/support/scripted-engine.ts'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { DownloadStatus } from '../core/download-states.ts'
import type { StoredDownload } from '../store/types.ts'
import { recover } from './recovery.ts'
import { openSecrets } from './secrets.ts'

const at = '2030-01-01T00:00:00.000Z'

function row(number: number, more: Partial<StoredDownload>): StoredDownload {
  return {
    id: `dl-${String(number).padStart(16, '0')}`,
    reference: 'https://example.org/a',
    url: 'https://example.org/a',
    filename: 'a',
    chosenName: null,
    dir: '/files',
    path: '',
    kind: 'http',
    host: 'example.org',
    status: 'queued',
    priority: 5,
    position: number,
    bytesDone: 0,
    bytesTotal: null,
    activeSeconds: 0,
    retries: 0,
    verdict: null,
    digests: {},
    error: null,
    addedAt: at,
    startedAt: at,
    completedAt: null,
    startAt: null,
    retryAt: null,
    autoRetries: 0,
    options: {},
    timeline: [],
    secret: null,
    files: [],
    ...more,
  }
}

test('after a crash nothing is shown as running; what ran waits for its turn, with the bytes of the disk', async (t) => {
  const engine = scriptedEngine()
  const log = listLog()
  const statuses: DownloadStatus[] = [
    'active',
    'validating',
    'created',
    'paused',
    'queued',
    'completed',
    'error',
    'cancelled',
  ]
  const rows = statuses.map((status, number) => row(number, { status, bytesDone: 10 }))
  for (const number of [0, 3]) engine.parts.set(rows[number]?.id ?? '', 99)
  const secrets = await openSecrets(temporaryFolder(t), {})
  const { entries, changed } = await recover(rows, { engine, secrets, clock: manualClock(0), log })
  assert.deepEqual(
    entries.map((entry) => [entry.row.status, entry.row.bytesDone, entry.wanted]),
    [
      ['queued', 99, true],
      ['queued', 0, true],
      ['queued', 0, true],
      ['paused', 99, false],
      ['queued', 0, false],
      ['completed', 10, false],
      ['error', 10, false],
      ['cancelled', 10, false],
    ],
  )
  assert.deepEqual(
    changed.map((one) => one.id),
    rows.slice(0, 5).map((one) => one.id),
  )
  assert.deepEqual(
    entries[0]?.row.timeline.map((step) => step.event),
    ['queued'],
  )
})

test('what cannot be unsealed is listed all the same, and the log tells of it', async (t) => {
  const log = listLog()
  const secrets = await openSecrets(temporaryFolder(t), {})
  const other = await openSecrets(temporaryFolder(t), {})
  const sealed = row(1, {})
  const { entries } = await recover([{ ...sealed, secret: other.seal(sealed.id, {}) }], {
    engine: scriptedEngine(),
    secrets,
    clock: manualClock(0),
    log,
  })
  assert.equal(entries.length, 1)
  assert.equal(log.lines.length, 1)
})
