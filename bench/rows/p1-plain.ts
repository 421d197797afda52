import { isWhole } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import { aria2, axel, curl, ipull, rawRecv, sluice, wget2 } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const plain: Row = {
  id: 'P1',
  title: 'one 2 GiB file, plain HTTP, one connection, no digest',
  notes: [
    'Sluice alone flushes the file to disk before it gives it its name; `--no-sync` leaves that out as the peers do.',
    'ipull runs with its own settings, which are 4 connections.',
  ],
  run: async (bench) => {
    const file = await fixture(bench.www, '2g')
    const url = `${bench.web.http}/files/${file.name}`
    return [
      await measure(bench, {
        title: '2 GiB over HTTP, one connection',
        ours: 'sluice -x 1',
        beside: 'sluice -x 1 --no-sync',
        contenders: [
          sluice('sluice -x 1', '-x', '1', url),
          sluice('sluice -x 1 --no-sync', '-x', '1', '--no-sync', url),
          curl(url),
          aria2(1, url),
          wget2(url),
          axel(1, url),
          ipull(bench, url),
          rawRecv(bench, `/files/${file.name}`, file.name),
          rawRecv(bench, `/files/${file.name}`, file.name, 'fsync'),
        ],
        targets: [atMost(0.67, 'curl'), atMost(0.5, 'aria2c -x1'), atMost(1.25, 'C loop')],
        check: isWhole(file),
      }),
    ]
  },
}
