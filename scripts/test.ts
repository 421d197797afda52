import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

/** `check` counts as one test. */
interface Outcome {
  readonly name: string
  readonly tests: number
  readonly passed: number
  readonly skipped: number
  /** False also when there was nothing to run. */
  readonly good: boolean
}

/** The parts of `npm test` in their order; `node scripts/test.ts unit` runs one. */
const parts: Readonly<Record<string, () => Promise<Outcome>>> = {
  check: async () => check(),
  unit: async () => runTests('unit', '{src,ui,bench,scripts}/**/*.test.ts'),
  system: async () => runTests('system', 'test/!(e2e)/**/*.test.ts'),
  e2e: async () => (buildPage() ? runTests('e2e', 'test/e2e/*.test.ts') : notRun('e2e')),
}

const started = performance.now()
// The test processes share stripped types, as the runs of the command do.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/test')

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts)
const outcomes: Outcome[] = []
for (const name of wanted) {
  const part = parts[name]
  if (part === undefined) throw new Error(`There is no part '${name}'; there are ${Object.keys(parts).join(', ')}`)
  console.log(`\n== ${name}`)
  outcomes.push(await part())
}
const sum = (count: 'tests' | 'passed' | 'skipped'): number =>
  outcomes.reduce((total, outcome) => total + outcome[count], 0)
const good = outcomes.every((outcome) => outcome.good)
const seconds = Math.round((performance.now() - started) / 1000)
const failed = sum('tests') - sum('passed') - sum('skipped')
const names = outcomes.map((outcome) => `${outcome.name} ${outcome.good ? 'passed' : 'FAILED'}`).join(', ')
console.log(
  `\ntests ${sum('tests')}, pass ${sum('passed')}, fail ${failed}, skipped ${sum('skipped')} (${names}) in ${seconds} s`,
)
process.exitCode = good ? 0 : 1

function check(): Outcome {
  const { status } = spawnSync('npm', ['run', '--silent', 'check'], { stdio: 'inherit' })
  return { name: 'check', tests: 1, passed: status === 0 ? 1 : 0, skipped: 0, good: status === 0 }
}

/** What the browser shows is built first, once for all files. */
function buildPage(): boolean {
  const { status } = spawnSync(process.execPath, ['scripts/build-ui.ts', '--if-needed'], { stdio: 'inherit' })
  return status === 0
}

function notRun(name: string): Outcome {
  return { name, tests: 1, passed: 0, skipped: 0, good: false }
}

/** Runs each file in a process of its own, two at a time: servers and clients of one file take both cores as it is. */
async function runTests(name: string, glob: string): Promise<Outcome> {
  let outcome: Outcome = { name, tests: 0, passed: 0, skipped: 0, good: false }
  const stream = run({ files: globSync(glob), concurrency: 2 })
  stream.on('test:summary', ({ file, success, counts }) => {
    // Each file has a summary too; the one without a file is about all of them.
    if (file !== undefined) return
    const { tests, passed, skipped } = counts
    outcome = { name, tests, passed, skipped, good: success && tests > 0 }
  })
  await pipeline(stream, spec(), process.stdout, { end: false })
  return outcome
}
