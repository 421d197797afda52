import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCopies } from '../checks.ts'
import { smallFixtures } from '../fixtures.ts'
import { measure } from '../measure.ts'
import type { Contender, Match } from '../measure.ts'
import { aria2, sluice, wget2 } from '../peers.ts'
import { atMost } from './row.ts'
import type { Row } from './row.ts'

export const smallFiles: Row = {
  id: 'P4',
  title: '10,000 files of 20 KB from a list',
  notes: [
    'In memory the programs themselves are compared; on disk the making of 10,000 files weighs as much and varies more.',
    'The bytes of every file are compared after each run.',
  ],
  run: async (bench) => {
    const names = await smallFixtures(bench.www)
    const urls = names.map((name) => `${bench.web.http}/files/small/${name}`)
    const list = join(bench.folder, 'list')
    const settings = join(bench.folder, 'curlrc')
    await writeFile(list, urls.map((url) => `${url}\n`).join(''))
    await writeFile(settings, urls.map((url) => `url = "${url}"\nremote-name\n`).join(''))
    const curl: Contender = {
      name: 'curl -Z --parallel-max 16',
      argv: ['curl', '-sSf', '-Z', '--parallel-max', '16', '-K', settings],
    }
    const match = {
      ours: 'sluice -j 16',
      contenders: [
        sluice('sluice -j 16', '-j', '16', '-i', list),
        curl,
        { ...aria2(1, '-j16', '-i', list), name: 'aria2c -j16' },
        { ...wget2('--max-threads=16', '-i', list), name: 'wget2 --max-threads=16' },
      ],
      targets: [atMost(1, curl.name), atMost(0.25, 'aria2c -j16')],
      check: hasCopies(join(bench.www, 'small'), names),
    } satisfies Partial<Match>
    const sections = []
    if (bench.memory !== undefined) {
      sections.push(await measure(bench, { ...match, title: '10,000 files to a memory disk', place: bench.memory }))
    }
    sections.push(await measure(bench, { ...match, title: '10,000 files to the real disk' }))
    return sections
  },
}
