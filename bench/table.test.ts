import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RowResult, Series } from './results.ts'
import { document } from './table.ts'

function row(id: string, series: Series[], kernel = '6.1'): RowResult {
  return {
    id,
    title: `the work of ${id}`,
    date: '2026-01-02',
    sluice: '0.1.0 at abc1234',
    busy: 0.25,
    setting: { cpu: 'a CPU', cores: 2, memory: '8 GiB', kernel, filesystem: 'ext2/ext3', versions: { curl: '8.0' } },
    sections: [
      {
        title: `a file of ${id}`,
        unit: 's',
        ours: 'sluice',
        series,
        targets: [{ kind: 'ratio', against: 'curl', atMost: 0.67 }],
      },
    ],
    notes: ['A note.'],
  }
}

const fast: Series = { name: 'sluice', samples: [1, 1.2] }
const slow: Series = { name: 'curl', samples: [2, 2] }

/** Lines of the document without the padding of its columns. */
function lines(results: Record<string, RowResult>, order: string[]): string[] {
  return document(results, order)
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '))
}

test('the summary has a line for each target, met or not', () => {
  const text = lines({ P1: row('P1', [fast, slow]), P2: row('P2', [slow, { ...fast, name: 'curl' }]) }, ['P1', 'P2'])
  assert.ok(text.includes('| P1 | a file of P1 | <= 0.67 x curl | 0.550 | yes |'))
  const renamed = lines(
    {
      P1: row('P1', [
        { ...slow, name: 'sluice' },
        { ...fast, name: 'curl' },
      ]),
    },
    ['P1'],
  )
  assert.ok(renamed.includes('| P1 | a file of P1 | <= 0.67 x curl | 1.833 | **no** |'))
})

test('rows stand in the order of the table, and those never measured are left out', () => {
  const text = document({ P14: row('P14', [fast, slow]), P2: row('P2', [fast, slow]) }, ['P1', 'P2', 'P14'])
  assert.ok(text.indexOf('## P2') < text.indexOf('## P14'))
  assert.ok(!text.includes('P1:'))
})

test('a contender that failed has no figures and its reason below', () => {
  const text = lines({ P1: row('P1', [fast, { name: 'curl', samples: [2], problem: 'exit 7 after 0.1 s' }]) }, ['P1'])
  assert.ok(text.includes('| curl | - | - | - | - | - |'))
  assert.ok(text.includes('curl: exit 7 after 0.1 s'))
})

test('a machine is named once, unless rows were measured in different settings', () => {
  const same = document({ P1: row('P1', [fast, slow]), P2: row('P2', [fast, slow]) }, ['P1', 'P2'])
  assert.equal(same.split('2 cores of a CPU').length - 1, 1)
  assert.ok(!same.includes('Setting 1'))
  const other = document({ P1: row('P1', [fast, slow]), P2: row('P2', [fast, slow], '7.0') }, ['P1', 'P2'])
  assert.match(other, /Setting 2: 2 cores of a CPU.*Linux 7\.0/)
  assert.match(other, /## P2: the work of P2\n\n.*, setting 2\./)
})
