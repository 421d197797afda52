import { setTimeout as sleep } from 'node:timers/promises'
import { need, startSluice, untilActive } from '../daemons.ts'
import { fixture } from '../fixtures.ts'
import type { Bench } from '../measure.ts'
import { sample } from '../sample.ts'
import type { Row } from './row.ts'

/** Milliseconds with all 32 at work. */
const BUSY = 8000

export const daemonMemory: Row = {
  id: 'P9',
  title: 'peak memory of the daemon with 32 active downloads and 500 queued',
  notes: [
    'Judged by the highest of all rounds: VmHWM of the one process, with all its threads, after 8 s with 32 at work.',
    'The server gives each connection 1 MiB/s; how many there are is left to Sluice.',
  ],
  run: (bench) =>
    sample(
      bench,
      Math.min(bench.rounds, 3),
      [
        {
          title: '32 active, 500 queued',
          unit: 'MB',
          targets: [
            { kind: 'figure', of: 'max', below: 200 },
            { kind: 'figure', of: 'max', below: 120 },
          ],
        },
      ],
      [{ name: 'sluice serve', isOurs: true, take: () => peakUnderWork(bench) }],
    ),
}

async function peakUnderWork(bench: Bench): Promise<readonly number[]> {
  const file = await fixture(bench.www, '200m')
  await using daemon = await startSluice(bench)
  await need(daemon, 'PUT /api/settings', { maxConcurrent: 32 })
  const lines = Array.from({ length: 532 }, (_, index) => `${bench.web.http}/cap1/${file.name}?n=${index}`)
  await need(daemon, 'POST /api/downloads/batch', lines.join('\n'))
  await untilActive(daemon, 32, bench.signal)
  await sleep(BUSY, undefined, { signal: bench.signal })
  const { total } = await need<{ total: number }>(daemon, 'GET /api/downloads?status=active&limit=1')
  if (total !== 32) throw new Error(`${total} of 32 were active at the end`)
  return [(await daemon.peak()) / 1e6]
}
