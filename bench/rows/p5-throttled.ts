import { isWhole } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { measure } from '../measure.ts'
import { aria2, curl, sluice } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const throttled: Row = {
  id: 'P5',
  title: '200 MiB from a server that caps each connection at 20 MiB/s',
  notes: [
    'Sluice gets no flag and meets the server for the first time in every run: it must find out by itself.',
    'curl shows what one connection takes.',
  ],
  run: async (bench) => {
    const file = await fixture(bench.www, '200m')
    const url = `${bench.web.http}/cap20/${file.name}`
    return [
      await measure(bench, {
        title: '200 MiB, 20 MiB/s a connection',
        ours: 'sluice',
        contenders: [sluice('sluice', url), aria2(16, url), curl(url)],
        targets: [atMost(1.1, 'aria2c -x16')],
        check: isWhole(file),
        isForgetful: true,
      }),
    ]
  },
}
