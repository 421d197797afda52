import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Section, Series, Target } from './results.ts'
import { judge } from './verdicts.ts'

const ratio: Target = { kind: 'ratio', against: 'curl', atMost: 0.67 }

function section(targets: Target[], series: Series[]): Section {
  return { title: 'a file', unit: 's', ours: 'sluice', targets, series }
}

test('a ratio on the limit meets its target', () => {
  const [verdict] = judge(
    section(
      [ratio],
      [
        { name: 'sluice', samples: [0.67] },
        { name: 'curl', samples: [1] },
      ],
    ),
  )
  assert.deepEqual(verdict, { target: '<= 0.67 x curl', measured: '0.670', isMet: true })
})

test('a ratio that only rounding brings to the limit does not meet it', () => {
  const [verdict] = judge(
    section(
      [ratio],
      [
        { name: 'sluice', samples: [0.674] },
        { name: 'curl', samples: [1] },
      ],
    ),
  )
  assert.equal(verdict?.measured, '0.674')
  assert.equal(verdict?.isMet, false)
})

test('a figure must stay below its limit, judged by the worst round where the target says so', () => {
  const series = [{ name: 'sluice', samples: [40, 41, 64] }]
  const targets: Target[] = [
    { kind: 'figure', of: 'max', below: 64 },
    { kind: 'figure', of: 'median', below: 50 },
  ]
  const verdicts = judge({ ...section(targets, series), unit: 'MB' })
  assert.deepEqual(verdicts, [
    { target: '< 64 MB (highest)', measured: '64.0 MB', isMet: false },
    { target: '< 50 MB (median)', measured: '41.0 MB', isMet: true },
  ])
})

test('what failed in a later round is not judged by its earlier ones', () => {
  const ours = { name: 'sluice', samples: [0.1], problem: 'exit 5' }
  const [verdict] = judge(section([ratio], [ours, { name: 'curl', samples: [1, 1] }]))
  assert.deepEqual(verdict, { target: '<= 0.67 x curl', measured: 'not measured', isMet: false })
})

test('without the peer there is no verdict in favour of Sluice', () => {
  const missing = { name: 'curl', samples: [], problem: 'not installed' }
  const [verdict] = judge(section([ratio], [{ name: 'sluice', samples: [1] }, missing]))
  assert.equal(verdict?.isMet, false)
})
