import { hasDigest } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import { aria2, shell, sluice } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const verified: Row = {
  id: 'P2',
  title: 'the 2 GiB file with its SHA-256 checked',
  notes: ['Every contender checks the digest itself, within its time; the bench checks it once more afterwards.'],
  run: async (bench) => {
    const file = await fixture(bench.www, '2g')
    const url = `${bench.web.http}/files/${file.name}`
    return [
      await measure(bench, {
        title: '2 GiB over HTTP, one connection, SHA-256',
        ours: 'sluice -x 1 --sha256',
        beside: 'sluice -x 1 --sha256 --no-sync',
        contenders: [
          sluice('sluice -x 1 --sha256', '-x', '1', '--sha256', file.sha256, url),
          sluice('sluice -x 1 --sha256 --no-sync', '-x', '1', '--sha256', file.sha256, '--no-sync', url),
          shell('curl; sha256sum', 'curl -sSfO "$1" && echo "$2" | sha256sum -c', url, `${file.sha256}  ${file.name}`),
          { ...aria2(1, `--checksum=sha-256=${file.sha256}`, url), name: 'aria2c --checksum' },
        ],
        targets: [atMost(0.4, 'curl; sha256sum'), atMost(0.3, 'aria2c --checksum')],
        check: hasDigest(file),
      }),
    ]
  },
}
