import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { catalogue } from './catalogue/index.ts'
import { runFault } from './run-fault.ts'
import type { FaultResult } from './run-fault.ts'
import { toolNamed } from './tools.ts'

/**
 * npm run faults -- [words of names or groups] [--tool sluice|curl|aria2c] [--json] [--jobs N] [--verbose]
 *
 * Plays every fault of the catalogue to a tool and prints a verdict for each. Exit code 1 when one of them failed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tool: { type: 'string', default: 'sluice' },
    json: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism() * 3) },
    verbose: { type: 'boolean', default: false },
  },
})

const tool = toolNamed(values.tool)
const chosen = catalogue.flatMap(({ group, faults }) =>
  faults
    .filter((fault) => positionals.length === 0 || positionals.some((word) => `${group}/${fault.name}`.includes(word)))
    .map((fault) => ({ group, fault })),
)

const results: FaultResult[] = []
let next = 0
async function worker(): Promise<void> {
  for (let one = chosen[next++]; one !== undefined; one = chosen[next++]) {
    const result = await runFault(one.fault, one.group, tool)
    results.push(result)
    print(result)
  }
}

function print(result: FaultResult): void {
  if (values.json) return console.log(JSON.stringify(result))
  console.log(
    `${`${result.group}/${result.name}`.padEnd(48)} ${result.seconds.toFixed(1).padStart(5)} s  ${result.verdict}`,
  )
  const quiet = result.verdict === 'n/a' || (result.verdict === 'ok' && !values.verbose)
  if (quiet) return
  for (const problem of result.problems.slice(1)) console.log(`    also: ${problem}`)
  console.log(`    it says: ${JSON.stringify(result.stderr)}\n    why: ${result.why}`)
}

await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, worker))
const passed = results.filter((result) => result.verdict === 'ok').length
const absent = results.filter((result) => result.verdict === 'n/a').length
const failed = results.length - passed - absent
if (!values.json)
  console.log(`\n${tool.name}: ${passed} passed, ${failed} failed${absent > 0 ? `, ${absent} not applicable` : ''}`)
process.exitCode = failed === 0 ? 0 : 1
