import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { describe, it } from 'node:test'
import { catalogue } from './catalogue/index.ts'
import { runFault } from './run-fault.ts'
import { toolNamed } from './tools.ts'

const tool = toolNamed('sluice')
const all = catalogue.flatMap(({ group, faults }) =>
  faults.map((fault) => ({ group, fault, title: `${group}/${fault.name}` })),
)

describe('the lying server', { concurrency: availableParallelism() * 3 }, () => {
  for (const { group, fault, title } of all) {
    it(`${title}: ${fault.why}`, async () => {
      const { verdict, problems, stderr } = await runFault(fault, group, tool)
      assert.equal(verdict, 'ok', `${problems.join('; ')}; it says: ${stderr}`)
    })
  }
})

it('has at least sixty faults, each with a name of its own', () => {
  assert.equal(new Set(all.map(({ title }) => title)).size, all.length)
  assert.ok(all.length >= 60)
})
