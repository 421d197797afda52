import assert from 'node:assert/strict'
import { runSluice } from './cli.ts'
import type { CliResult } from './cli.ts'
import type { Daemon } from './daemon.ts'

/** Runs a command against the daemon. */
export function ask(daemon: Daemon, args: readonly string[], stdin = ''): Promise<CliResult> {
  return runSluice(args, { env: { SLUICE_URL: daemon.origin }, stdin })
}

/** The same, for one that must end well; gives the lines of stdout. */
export async function lines(daemon: Daemon, args: readonly string[], stdin = ''): Promise<string[]> {
  const { code, stdout, stderr } = await ask(daemon, args, stdin)
  assert.equal(code, 0, `sluice ${args.join(' ')}: ${stderr}`)
  return stdout.split('\n').filter(Boolean)
}

/** Its JSON lines. */
export async function objects(daemon: Daemon, args: readonly string[]): Promise<Array<Record<string, unknown>>> {
  return (await lines(daemon, [...args, '--json'])).map((line) => JSON.parse(line) as Record<string, unknown>)
}
