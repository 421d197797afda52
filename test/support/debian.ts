import { execFileSync } from 'node:child_process'
import { accessSync, constants, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A command that tests call, and the Debian package that brings it. */
export interface Tool {
  readonly command: string
  readonly package: string
}

/** What `npm test` calls besides Node. */
export const testTools: readonly Tool[] = [
  { command: 'nginx', package: 'nginx-light' },
  { command: 'openssl', package: 'openssl' },
  { command: 'curl', package: 'curl' },
  { command: 'postgres', package: 'postgresql' },
  { command: 'chromium', package: 'chromium' },
  { command: 'docker-registry', package: 'docker-registry' },
  { command: 'skopeo', package: 'skopeo' },
  { command: 'unzip', package: 'unzip' },
  { command: 'python3', package: 'python3' },
]

/** Servers live in sbin, which is not on the PATH of ordinary users, and PostgreSQL in a folder of its version. */
const systemFolders = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/lib/postgresql/*/bin']

/** Absolute path of a command on PATH or in a system folder, undefined when it is not installed. */
function findCommand(command: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...systemFolders.flatMap(existing)]
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, command))
    .find(isExecutable)
}

/** As findCommand; throws with the way to install the command when it is missing. */
export function needCommand(tool: Tool): string {
  const path = findCommand(tool.command)
  if (path === undefined) throw new Error(missingMessage([tool]))
  return path
}

/**
 * Installs the packages of those tools that are missing, which needs Debian (or a derivative) and root.
 * Throws an Error with one sentence that tells what to install by hand otherwise.
 */
export function installMissing(tools: readonly Tool[]): void {
  const missing = tools.filter((tool) => findCommand(tool.command) === undefined)
  if (missing.length === 0) return
  const aptGet = findCommand('apt-get')
  if (aptGet === undefined || process.getuid?.() !== 0) throw new Error(missingMessage(missing))

  const packages = missing.map((tool) => tool.package)
  console.error(`Installing for the tests: ${packages.join(' ')}`)
  const options = {
    // apt's own progress is noise in a test log; its complaints are not.
    stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'],
    // Debian starts a service as it installs it, except in run level 1.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    timeout: 300_000,
  }
  execFileSync(aptGet, ['-qq', 'update'], options)
  execFileSync(aptGet, ['-qq', '-y', '--no-install-recommends', 'install', ...packages], options)

  const stillMissing = tools.filter((tool) => findCommand(tool.command) === undefined)
  if (stillMissing.length > 0) throw new Error(missingMessage(stillMissing))
}

function missingMessage(tools: readonly Tool[]): string {
  const commands = tools.map((tool) => tool.command).join(', ')
  const packages = tools.map((tool) => tool.package).join(' ')
  return `The tests need ${commands}, not found on this machine. On Debian or Ubuntu run, as root: apt-get install ${packages}`
}

/** Folders of a pattern, the newest version first. */
function existing(pattern: string): string[] {
  return globSync(pattern).toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
