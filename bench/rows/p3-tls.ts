import { isWhole } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import { aria2, curl, sluice, wget2 } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const tls: Row = {
  id: 'P3',
  title: 'the 2 GiB file over TLS 1.3',
  notes: ['Every contender verifies the certificate.'],
  run: async (bench) => {
    const file = await fixture(bench.www, '2g')
    const url = `${bench.web.https}/files/${file.name}`
    const { certificate } = bench.web
    return [
      await measure(bench, {
        title: '2 GiB over TLS 1.3, one connection',
        ours: 'sluice -x 1',
        beside: 'sluice -x 1 --no-sync',
        contenders: [
          sluice('sluice -x 1', '-x', '1', '--cacert', certificate, url),
          sluice('sluice -x 1 --no-sync', '-x', '1', '--no-sync', '--cacert', certificate, url),
          curl('--cacert', certificate, url),
          aria2(1, `--ca-certificate=${certificate}`, url),
          wget2(`--ca-certificate=${certificate}`, url),
        ],
        targets: [atMost(0.67, 'curl'), atMost(0.5, 'aria2c -x1')],
        check: isWhole(file),
      }),
    ]
  },
}
