import { setTimeout as sleep } from 'node:timers/promises'
import { need, startSluice } from '../daemons.ts'
import { fixture } from '../fixtures.ts'
import type { Bench } from '../measure.ts'
import { sample } from '../sample.ts'
import type { Row } from './row.ts'

/** Milliseconds before the measurement, and of it. */
const SETTLE = 4000
const WATCH = 20_000

export const idle: Row = {
  id: 'P10',
  title: 'processor time of the idle daemon',
  notes: [
    'Percent of one core over 20 s, 4 s after the start or the last request, in clock ticks of 10 ms (0.05 %); the highest round counts.',
  ],
  run: async (bench) => [...(await measured(bench, 0)), ...(await measured(bench, 500))],
}

function measured(bench: Bench, paused: number): ReturnType<Row['run']> {
  const title = paused === 0 ? 'nothing to do' : `nothing to do, ${paused} paused downloads, one listener`
  return sample(
    bench,
    Math.min(bench.rounds, 3),
    [{ title, unit: '%', targets: [{ kind: 'figure', of: 'max', below: 0.5 }] }],
    [{ name: 'sluice serve', isOurs: true, take: () => idleShare(bench, paused) }],
  )
}

async function idleShare(bench: Bench, paused: number): Promise<readonly number[]> {
  const file = await fixture(bench.www, '64m')
  await using daemon = await startSluice(bench)
  const leave = new AbortController()
  if (paused > 0) {
    const items = Array.from({ length: paused }, (_, index) => ({
      url: `${bench.web.http}/files/${file.name}?n=${index}`,
      paused: true,
    }))
    await need(daemon, 'POST /api/downloads/batch', { items })
    const stream = await fetch(`${daemon.origin}/api/events`, { signal: leave.signal })
    // Read to nowhere, as a page does that shows what comes; it ends by the abort.
    void stream.body?.pipeTo(new WritableStream()).catch(() => undefined)
  }
  await sleep(SETTLE, undefined, { signal: bench.signal })
  const before = await daemon.cpu()
  const begun = performance.now()
  await sleep(WATCH, undefined, { signal: bench.signal })
  const share = ((await daemon.cpu()) - before) / ((performance.now() - begun) / 1000)
  leave.abort()
  return [share * 100]
}
