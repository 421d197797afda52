import { hasDigest } from '../checks.ts'
import { MIB, fixture } from '../fixtures.ts'
import type { Fixture } from '../fixtures.ts'
import { startLink } from '../links.ts'
import { measure } from '../measure.ts'
import type { Bench } from '../measure.ts'
import { aria2, sluice } from '../peers.ts'
import type { Section } from '../results.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const slowOne: Row = {
  id: 'P6',
  title: '200 MiB over 8 connections, one of them served 20 times slower',
  notes: [
    'A link in front of nginx gives each connection 20 MiB/s, and one in eight 1 MiB/s; the yardstick is Sluice itself over 7 good ones.',
    'aria2c -x8 goes over the same link as Sluice.',
  ],
  run: async (bench) => {
    const file = await fixture(bench.www, '200m')
    return [
      await overLink(bench, file, 'the third connection is the slow one', 2),
      await overLink(bench, file, 'the first connection is the slow one', 0),
    ]
  },
}

async function overLink(bench: Bench, file: Fixture, title: string, slowIndex: number): Promise<Section> {
  const target = bench.web.port
  await using odd = await startLink({ target, rate: 20 * MIB, slowRate: MIB, slowIndex })
  await using even = await startLink({ target, rate: 20 * MIB })
  const oddUrl = `http://127.0.0.1:${odd.port}/files/${file.name}`
  const evenUrl = `http://127.0.0.1:${even.port}/files/${file.name}`
  return await measure(bench, {
    title,
    ours: 'sluice -x 8',
    contenders: [
      { ...sluice('sluice -x 8', '-x', '8', oddUrl), prepare: odd.reset },
      { ...sluice('sluice -x 7, without it', '-x', '7', evenUrl), prepare: even.reset },
      { ...aria2(8, oddUrl), prepare: odd.reset },
    ],
    targets: [atMost(1.15, 'sluice -x 7, without it')],
    check: hasDigest(file),
    isForgetful: true,
  })
}
