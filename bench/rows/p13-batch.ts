import { setTimeout as sleep } from 'node:timers/promises'
import { ask, need, startAria2, startSluice } from '../daemons.ts'
import { fixture } from '../fixtures.ts'
import type { Bench } from '../measure.ts'
import { sample } from '../sample.ts'
import type { Row } from './row.ts'

const COUNT = 10_000

export const batch: Row = {
  id: 'P13',
  title: '10,000 addresses in one call',
  notes: [
    'All are on the disk when the call returns, and the first downloads (1 MiB/s a connection) run meanwhile.',
    'aria2c takes the same in one system.multicall, and keeps nothing on the disk.',
  ],
  run: (bench) =>
    sample(
      bench,
      Math.min(bench.rounds, 3),
      [
        { title: 'the call', unit: 's', targets: [{ kind: 'figure', of: 'max', below: 2 }] },
        {
          title: 'slowest answer to another request meanwhile, asked for every 20 ms',
          unit: 'ms',
          targets: [{ kind: 'figure', of: 'max', below: 500 }],
        },
      ],
      [
        { name: 'sluice serve', isOurs: true, take: () => ofSluice(bench) },
        { name: 'aria2c --enable-rpc', take: () => ofAria2(bench) },
      ],
    ),
}

async function addresses(bench: Bench): Promise<string[]> {
  const file = await fixture(bench.www, '64m')
  return Array.from({ length: COUNT }, (_, index) => `${bench.web.http}/cap1/${file.name}?n=${index}`)
}

async function ofSluice(bench: Bench): Promise<readonly number[]> {
  const text = (await addresses(bench)).join('\n')
  await using daemon = await startSluice(bench)
  const figures = await timedBeside(
    bench,
    async () => {
      const { added } = await need<{ added: string[] }>(daemon, 'POST /api/downloads/batch', text)
      if (added.length !== COUNT) throw new Error(`added ${added.length} of ${COUNT}`)
    },
    async () => (await ask(daemon, 'GET /api/health')).ms,
  )
  const { total } = await need<{ total: number }>(daemon, 'GET /api/downloads?limit=1')
  if (total !== COUNT) throw new Error(`lists ${total} of ${COUNT}`)
  return figures
}

async function ofAria2(bench: Bench): Promise<readonly number[]> {
  const params = (await addresses(bench)).map((url) => ({ methodName: 'aria2.addUri', params: [[url]] }))
  await using daemon = await startAria2(bench)
  const call = (method: string, more: readonly unknown[]): unknown => ({
    jsonrpc: '2.0',
    id: '1',
    method,
    params: more,
  })
  // Awaited here, or the daemon would be gone before.
  return await timedBeside(
    bench,
    async () => {
      const { result } = await need<{ result: unknown[] }>(daemon, 'POST /jsonrpc', call('system.multicall', [params]))
      if (result.length !== COUNT) throw new Error(`added ${result.length} of ${COUNT}`)
    },
    async () => (await ask(daemon, 'POST /jsonrpc', call('aria2.getGlobalStat', []))).ms,
  )
}

/** Seconds of the work, and ms of the slowest probe that was sent while it went on. */
async function timedBeside(
  bench: Bench,
  work: () => Promise<void>,
  probe: () => Promise<number>,
): Promise<readonly [seconds: number, slowest: number]> {
  // The first request of a process pays for what all later ones find ready.
  await probe()
  const state = { isDone: false }
  const probes: Array<Promise<number>> = []
  const asking = (async () => {
    while (!state.isDone) {
      const one = probe()
      // Its failure is told at the end, unless the work itself fails before.
      one.catch(() => undefined)
      probes.push(one)
      await sleep(20, undefined, { signal: bench.signal })
    }
  })()
  const begun = performance.now()
  try {
    await work()
  } finally {
    state.isDone = true
  }
  const seconds = (performance.now() - begun) / 1000
  await asking
  return [seconds, Math.max(...(await Promise.all(probes)))]
}
