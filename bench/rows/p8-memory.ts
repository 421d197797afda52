import { readFile } from 'node:fs/promises'
import { isWhole } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import type { Meter } from '../measure.ts'
import { aria2, axel, curl, sluice, wget2 } from '../peers.ts'
import { timed } from '../program.ts'
import type { Target } from '../results.ts'
import type { Row } from './row.ts'

const targets: Target[] = [
  { kind: 'figure', of: 'max', below: 64 },
  { kind: 'figure', of: 'max', below: 50 },
]

/** Peak resident memory of the largest process of a command, as GNU time reports it (KiB), in MB. */
const peak: Meter = {
  unit: 'MB',
  take: async (command) => {
    const report = `${command.log}.peak`
    await timed({ ...command, argv: ['/usr/bin/time', '-f', '%M', '-o', report, ...command.argv] })
    return (Number(await readFile(report, 'utf8')) * 1024) / 1e6
  },
}

export const memory: Row = {
  id: 'P8',
  title: 'peak memory for one file',
  notes: ['Judged by the highest of all rounds. GNU time reports the largest single process of a command.'],
  run: async (bench) => {
    const big = await fixture(bench.www, '2g')
    const several = await fixture(bench.www, '200m')
    const { http, https, certificate } = bench.web
    const bigUrl = `${http}/files/${big.name}`
    const tlsUrl = `${https}/files/${big.name}`
    const severalUrl = `${http}/cap20/${several.name}`
    const common = { ours: 'sluice', targets, rounds: Math.min(bench.rounds, 3), isForgetful: true }
    return [
      await measure(
        bench,
        {
          ...common,
          title: '2 GiB, one connection',
          contenders: [
            sluice('sluice', '-x', '1', bigUrl),
            curl(bigUrl),
            aria2(1, bigUrl),
            wget2(bigUrl),
            axel(1, bigUrl),
          ],
          check: isWhole(big),
        },
        peak,
      ),
      await measure(
        bench,
        {
          ...common,
          title: '2 GiB with --sha256',
          contenders: [
            sluice('sluice', '--sha256', big.sha256, bigUrl),
            aria2(1, `--checksum=sha-256=${big.sha256}`, bigUrl),
          ],
          check: isWhole(big),
        },
        peak,
      ),
      await measure(
        bench,
        {
          ...common,
          title: '200 MiB over several connections (20 MiB/s each)',
          contenders: [sluice('sluice', severalUrl), aria2(16, severalUrl)],
          check: isWhole(several),
        },
        peak,
      ),
      await measure(
        bench,
        {
          ...common,
          title: '2 GiB over TLS 1.3',
          contenders: [
            sluice('sluice', '--cacert', certificate, tlsUrl),
            curl('--cacert', certificate, tlsUrl),
            aria2(1, `--ca-certificate=${certificate}`, tlsUrl),
            wget2(`--ca-certificate=${certificate}`, tlsUrl),
          ],
          check: isWhole(big),
        },
        peak,
      ),
    ]
  },
}
