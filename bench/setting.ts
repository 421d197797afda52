import { execFile } from 'node:child_process'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Setting } from './results.ts'

const run = promisify(execFile)

/** How each tool is asked for its version, and where in the answer it stands. */
const VERSIONS: readonly (readonly [tool: string, args: readonly string[], pattern: RegExp])[] = [
  ['nginx', ['-v'], /nginx\/(\S+)/],
  ['curl', ['--version'], /curl (\S+)/],
  ['aria2c', ['--version'], /version (\S+)/],
  ['wget2', ['--version'], /Wget2 (\S+)/],
  ['axel', ['--version'], /Axel (\S+)/],
  ['gcc', ['-dumpfullversion'], /(\S+)/],
  ['openssl', ['version'], /OpenSSL (\S+)/],
  ['docker-registry', ['--version'], /distribution (\S+)/],
  ['skopeo', ['--version'], /version (\S+)/],
]

/** The machine and the tools. `folder` is where the runs happen; `extra` are versions known to the caller. */
export async function currentSetting(folder: string, extra: Record<string, string>): Promise<Setting> {
  const versions: Record<string, string> = { node: process.versions.node }
  for (const [tool, args, pattern] of VERSIONS) versions[tool] = pattern.exec(await words(tool, args))?.[1] ?? 'missing'
  return {
    cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    kernel: os.release(),
    filesystem: (await words('stat', ['-f', '-c', '%T', folder])).trim(),
    versions: { ...versions, ...extra },
  }
}

/** The version of Sluice and the commit it stands on; `+` when files differ from that commit. */
export async function sluiceVersion(): Promise<string> {
  const root = join(import.meta.dirname, '..')
  const { version } = (await import('../package.json', { with: { type: 'json' } })).default
  const commit = (await words('git', ['-C', root, 'describe', '--always', '--exclude', '*', '--dirty=+'])).trim()
  return commit === '' ? version : `${version} at ${commit}`
}

/** Share of all cores (0-1) that was busy over the next `ms` milliseconds, while the bench itself only waits. */
export async function busyShare(ms: number, signal: AbortSignal): Promise<number> {
  const before = cpuTimes()
  await sleep(ms, undefined, { signal })
  const after = cpuTimes()
  return 1 - (after.idle - before.idle) / (after.all - before.all)
}

function cpuTimes(): { idle: number; all: number } {
  const times = os.cpus().map((cpu) => cpu.times)
  const idle = times.reduce((sum, each) => sum + each.idle, 0)
  return { idle, all: times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle) }
}

/** What a command says on both channels; empty when it fails or is not there, since a version is only a remark. */
async function words(program: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await run(program, [...args])
    return stdout + stderr
  } catch {
    return ''
  }
}
