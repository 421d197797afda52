import { isWhole } from '../checks.ts'
import { fixture } from '../fixtures.ts'
import { startLink } from '../links.ts'
import { measure } from '../measure.ts'
import { aria2, sluice } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const far: Row = {
  id: 'P7',
  title: '64 MiB from a server 50 ms away that gives each connection 1 MiB/s',
  notes: [
    'A link in front of nginx delays each direction by 25 ms, and the start of a connection by a round trip.',
    'Sluice gets no flag and meets the server for the first time in every run.',
  ],
  run: async (bench) => {
    const file = await fixture(bench.www, '64m')
    await using link = await startLink({ target: bench.web.port, delay: 25 })
    const url = `http://127.0.0.1:${link.port}/cap1/${file.name}`
    return [
      await measure(bench, {
        title: '64 MiB, 50 ms round trip, 1 MiB/s a connection',
        ours: 'sluice',
        contenders: [sluice('sluice', url), aria2(16, url)],
        targets: [atMost(1, 'aria2c -x16')],
        check: isWhole(file),
        isForgetful: true,
      }),
    ]
  },
}
