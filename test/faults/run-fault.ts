import { spawn } from 'node:child_process'
import { judgeEnd, judgeRun } from './judge.ts'
import type { Fault, Outcome, RunOutcome } from './fault.ts'
import { makeLab } from './lab.ts'
import { makeSandbox } from './sandbox.ts'
import type { Sandbox } from './sandbox.ts'
import type { Tool } from './tools.ts'

/** Seconds after which a run counts as one that never ends. */
const patience = 20

export interface FaultResult {
  readonly name: string
  readonly group: string
  readonly why: string
  /** `ok`, `n/a`, or the first thing that is wrong. */
  readonly verdict: string
  readonly problems: ReadonlyArray<string>
  readonly seconds: number
  /** Last lines of the messages of the last run. */
  readonly stderr: string
}

/** Plays one fault to one tool, in a sandbox and with servers of its own, and judges it. */
export async function runFault(fault: Fault, group: string, tool: Tool): Promise<FaultResult> {
  const begun = performance.now()
  const report = (problems: string[], verdict: string, stderr: string): FaultResult => {
    const seconds = (performance.now() - begun) / 1000
    return { name: fault.name, group, why: fault.why, verdict, problems, seconds, stderr }
  }
  if (fault.needs?.some((feature) => !tool.features.has(feature)) === true) return report([], 'n/a', '')
  const sandbox = makeSandbox()
  const lab = makeLab(sandbox, tool)
  try {
    const plan = await fault.setup(lab)
    const first = lab.origins[0]?.entity.content
    const right = plan.expect.bytes ?? (first === undefined ? [] : [first])
    const problems: string[] = []
    const runs: RunOutcome[] = []
    for (const run of plan.runs) {
      await run.before?.()
      const outcome = await execute(tool.command(run.ask, run.ask.dir ?? sandbox.dir), sandbox)
      runs.push(outcome)
      problems.push(...judgeRun(lab, outcome, run.exit, right, plan.expect.orphan === true))
    }
    const last = runs.at(-1)
    if (last === undefined) throw new Error(`the fault ${fault.name} has no run`)
    const { finals, parts } = tool.sort(sandbox.fresh())
    const outcome: Outcome = { runs, last, finals, parts }
    problems.push(...judgeEnd(lab, plan, outcome, first?.size ?? 0))
    return report(problems, problems[0] ?? 'ok', last.stderr.trim().split('\n').slice(-3).join(' | '))
  } finally {
    await lab.close()
    sandbox.remove()
  }
}

function execute(command: ReadonlyArray<string>, sandbox: Sandbox): Promise<RunOutcome> {
  const begun = performance.now()
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: sandbox.dir,
      env: sandbox.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    let stdout = ''
    let stderr = ''
    let late = false
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
    const timer = setTimeout(() => {
      late = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, patience * 1000)
    child.once('error', reject)
    child.once('close', (code) => {
      clearTimeout(timer)
      resolve({ exit: late ? null : (code ?? -1), stdout, stderr, seconds: (performance.now() - begun) / 1000 })
    })
  })
}
