import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import type { Content } from './content.ts'
import type { Expectation, Outcome, Plan, RunOutcome } from './fault.ts'
import type { Lab } from './lab.ts'
import { bytesSent } from './server.ts'

/** Rules for every run of every fault. Gives back what is broken. */
export function judgeRun(
  lab: Lab,
  run: RunOutcome,
  allowed: ReadonlyArray<number>,
  right: ReadonlyArray<Content | Buffer>,
  orphan: boolean,
): string[] {
  const problems: string[] = []
  const { finals, parts, side } = lab.tool.sort(lab.sandbox.fresh())
  const damage = lab.sandbox.damage()
  if (damage !== undefined) problems.push(damage)
  if (run.exit === null) problems.push('does not end')
  else problems.push(...judgeExit(lab, run, run.exit, allowed))
  if (run.exit === 0) {
    if (finals.length !== 1) problems.push(`exit 0 and ${finals.length} files: ${finals.join(', ')}`)
    for (const name of finals)
      if (!isRight(join(lab.sandbox.dir, name), right)) problems.unshift(`WRONG BYTES in ${name}`)
    const left = orphan ? side : [...parts, ...side]
    if (left.length > 0) problems.push(`left behind after success: ${left.join(', ')}`)
  } else if (finals.length > 0) {
    problems.push(`file under a final name after a failure: ${finals.join(', ')}`)
  }
  if (hasControls(run.stdout + run.stderr)) problems.push('control characters from the server reach the terminal')
  return problems
}

function judgeExit(lab: Lab, run: RunOutcome, exit: number, allowed: ReadonlyArray<number>): string[] {
  const problems: string[] = []
  const fits = lab.tool.contractCodes ? allowed.includes(exit) : allowed.some((code) => (code === 0) === (exit === 0))
  if (!fits) problems.push(`wrong exit ${exit} (expected ${allowed.join(' or ')})`)
  if (!lab.tool.contractCodes) return problems
  if (exit !== 0 && !/\S+ \S+ \S+/.test(run.stderr + run.stdout)) problems.push('fails without a sentence')
  if (/^\s+at .+:\d+:\d+\)?$/m.test(run.stderr) || /fault of Sluice/.test(run.stderr))
    problems.push('shows its own inside instead of an explanation')
  return problems
}

/** What this fault asks for at its end. */
export function judgeEnd(lab: Lab, plan: Plan, outcome: Outcome, size: number): string[] {
  const { expect } = plan
  const problems: string[] = []
  const [name] = outcome.finals
  if (
    name !== undefined &&
    expect.name !== undefined &&
    lab.tool.features.has('names') &&
    !nameFits(name, expect.name)
  ) {
    problems.push(`wrong name ${JSON.stringify(name)} (expected ${expect.name})`)
  }
  const extra = bytesSent(lab.origins) - size
  if (expect.refetched !== undefined && extra > expect.refetched)
    problems.push(`refetched ${extra} bytes (allowed ${expect.refetched})`)
  const requests = lab.origins.reduce((sum, origin) => sum + origin.requests.length, 0)
  if (expect.requests !== undefined && requests > expect.requests)
    problems.push(`${requests} requests (allowed ${expect.requests})`)
  if (expect.seconds !== undefined && outcome.last.seconds > expect.seconds) {
    problems.push(`took ${outcome.last.seconds.toFixed(1)} s (allowed ${expect.seconds})`)
  }
  if (expect.part === true && outcome.last.exit !== 0 && outcome.parts.length === 0) problems.push('the part is gone')
  problems.push(...judgeWords(lab, expect, outcome), ...judgeHeaders(lab, expect))
  const also = expect.also?.(outcome)
  if (also !== undefined) problems.push(also)
  return problems
}

function judgeWords(lab: Lab, expect: Expectation, outcome: Outcome): string[] {
  const problems: string[] = []
  const said = outcome.runs.map((run) => run.stdout + run.stderr).join('\n')
  if (!lab.tool.contractCodes) return problems
  if (expect.says !== undefined && !expect.says.test(said)) problems.push(`does not say ${expect.says}`)
  if (expect.verdict !== undefined && outcome.last.exit === 0) {
    const verdict = /"verdict":"([a-z-]+)"/.exec(outcome.last.stdout)?.[1]
    if (verdict !== expect.verdict) problems.push(`verdict ${verdict} (expected ${expect.verdict})`)
  }
  for (const secret of expect.secrets ?? []) {
    if (said.includes(secret)) problems.push(`tells the secret ${secret}`)
    const keeper = lab.sandbox.fresh().find((file) => readFileSync(join(lab.sandbox.dir, file)).includes(secret))
    if (keeper !== undefined) problems.push(`keeps the secret ${secret} in ${keeper}`)
  }
  return problems
}

function judgeHeaders(lab: Lab, expect: Expectation): string[] {
  const problems: string[] = []
  for (const { origin, headers } of expect.withheld ?? []) {
    for (const request of origin.requests) {
      const leaked = headers.filter((header) => request.headers.has(header))
      if (leaked.length > 0) problems.push(`${leaked.join(', ')} leaked to ${request.path}`)
    }
  }
  for (const origin of lab.origins)
    for (const complaint of origin.complaints) problems.push(`odd request: ${complaint}`)
  return problems
}

function nameFits(name: string, expected: string | RegExp): boolean {
  return typeof expected === 'string' ? name === expected : expected.test(name)
}

function isRight(path: string, right: ReadonlyArray<Content | Buffer>): boolean {
  const { size } = statSync(path)
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex')
  return right.some((one) =>
    Buffer.isBuffer(one) ? readFileSync(path).equals(one) : one.size === size && one.sha256() === digest,
  )
}

/** ESC, C1 and the like; plain text and line ends are fine. */
function hasControls(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text)
}
