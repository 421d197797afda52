import { ask, need, startAria2, startSluice, untilActive } from '../daemons.ts'
import type { Daemon } from '../daemons.ts'
import { fixture } from '../fixtures.ts'
import type { Bench } from '../measure.ts'
import { sample } from '../sample.ts'
import type { Row } from './row.ts'

/** Milliseconds of requests, fewer when the downloads end before. */
const WATCH = 8000
const FEWEST = 100

const questions = ['/api/downloads', '/api/downloads?status=active', '/api/statistics', '/api/health']
const calls = ['aria2.tellActive', 'aria2.getGlobalStat', 'aria2.getVersion']

export const latency: Row = {
  id: 'P11',
  title: 'answers of the API while 8 downloads of 2 GiB run at full speed',
  notes: [
    'The 99th percentile of requests one after the other, each on a connection of its own, for 8 s or as long as all 8 run.',
    'aria2c answers JSON-RPC (tellActive, getGlobalStat, getVersion) while it fetches the same with one connection each.',
  ],
  run: (bench) =>
    sample(
      bench,
      Math.min(bench.rounds, 3),
      [
        {
          title: '99 of 100 requests take at most',
          unit: 'ms',
          targets: [{ kind: 'figure', of: 'max', below: 50 }],
        },
      ],
      [
        { name: 'sluice serve', isOurs: true, take: () => ofSluice(bench) },
        { name: 'aria2c --enable-rpc', take: () => ofAria2(bench) },
      ],
    ),
}

async function addresses(bench: Bench): Promise<string[]> {
  const file = await fixture(bench.www, '2g')
  return Array.from({ length: 8 }, (_, index) => `${bench.web.http}/files/${file.name}?n=${index}`)
}

async function ofSluice(bench: Bench): Promise<readonly number[]> {
  const urls = await addresses(bench)
  await using daemon = await startSluice(bench)
  await need(daemon, 'PUT /api/settings', { maxConcurrent: 8 })
  for (const [index, url] of urls.entries())
    await need(daemon, 'POST /api/download/add', { url, filename: `f${index}` })
  await untilActive(daemon, 8, bench.signal)
  const isBusy = async (): Promise<boolean> =>
    (await need<{ total: number }>(daemon, 'GET /api/downloads?status=active&limit=1')).total === 8
  return [await slowest(bench, daemon, isBusy, (round) => `GET ${questions[round % questions.length]}`)]
}

async function ofAria2(bench: Bench): Promise<readonly number[]> {
  const urls = await addresses(bench)
  await using daemon = await startAria2(bench)
  for (const [index, url] of urls.entries())
    await need(daemon, 'POST /jsonrpc', rpc('aria2.addUri', [[url], { out: `f${index}` }]))
  const isBusy = async (): Promise<boolean> =>
    (await need<{ result: unknown[] }>(daemon, 'POST /jsonrpc', rpc('aria2.tellActive', []))).result.length === 8
  const body = (round: number): unknown => rpc(calls[round % calls.length] ?? '', [])
  return [await slowest(bench, daemon, isBusy, () => 'POST /jsonrpc', body)]
}

/** The 99th percentile in ms. */
async function slowest(
  bench: Bench,
  daemon: Daemon,
  isBusy: () => Promise<boolean>,
  line: (round: number) => string,
  body: (round: number) => unknown = () => undefined,
): Promise<number> {
  const taken: number[] = []
  const end = performance.now() + WATCH
  for (let round = 0; performance.now() < end; round++) {
    bench.signal.throwIfAborted()
    const { status, ms } = await ask(daemon, line(round), body(round))
    if (status !== 200) throw new Error(`answers ${status}`)
    // What came when one of the eight had ended would be measured at an easier time.
    if (round % 12 === 11 && !(await isBusy())) break
    taken.push(ms)
  }
  if (taken.length < FEWEST) throw new Error(`only ${taken.length} requests while all 8 ran`)
  return taken.toSorted((a, b) => a - b)[Math.ceil(taken.length * 0.99) - 1] ?? Number.NaN
}

function rpc(method: string, params: readonly unknown[]): unknown {
  return { jsonrpc: '2.0', id: '1', method, params }
}
