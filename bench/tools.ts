import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { timed } from './program.ts'

/** Program -> Debian package. */
const PACKAGES = {
  nginx: 'nginx-light',
  openssl: 'openssl',
  curl: 'curl',
  aria2c: 'aria2',
  wget2: 'wget2',
  axel: 'axel',
  gcc: 'gcc',
  time: 'time',
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
} as const

/** Without these no row can be measured; without one of the others its lines say "not installed". */
const NEEDED = new Set(['nginx', 'openssl'])

export const IPULL_VERSION = '4.0.3'

interface Workshop {
  /** Folder for what is made or installed once. */
  readonly cache: string
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/**
 * Installs the missing programs from Debian when this is root on Debian; else says what to install.
 * @throws Error when one of those is missing without which there is nothing to measure.
 */
export async function installPeers(workshop: Workshop): Promise<void> {
  const missing = await missingTools()
  if (missing.length === 0) return
  const packages = missing
    .map((tool) => PACKAGES[tool])
    .flatMap((name) => (name === 'gcc' ? ['gcc', 'libc6-dev'] : [name]))
  if (process.getuid?.() === 0 && (await isOnPath('apt-get'))) {
    workshop.say(`Installing from Debian: ${packages.join(' ')}`)
    // Debian starts a service as it installs it, except in run level 1.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    await attempt(workshop, ['apt-get', 'update', '-qq'], env)
    await attempt(workshop, ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], env)
  } else {
    workshop.say(`Missing programs. To measure them too, install: ${packages.join(' ')}`)
  }
  const needed = (await missingTools()).filter((tool) => NEEDED.has(tool))
  if (needed.length > 0)
    throw new Error(`The bench cannot work without ${needed.join(' and ')}: install it and run the bench again.`)
}

/** Compiles raw-recv.c; undefined when that does not work here. */
export async function compileFloor(workshop: Workshop): Promise<string | undefined> {
  const program = join(workshop.cache, 'raw-recv')
  const source = join(import.meta.dirname, 'raw-recv.c')
  return (await attempt(workshop, ['gcc', '-O2', '-Wall', '-o', program, source])) ? program : undefined
}

/** Installs ipull outside the project, of which it is no dependency; undefined when that does not work here. */
export async function installIpull(workshop: Workshop): Promise<string | undefined> {
  const folder = join(workshop.cache, `ipull-${IPULL_VERSION}`)
  const program = join(folder, 'node_modules', '.bin', 'ipull')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save']
  if (await isExecutable(program)) return program
  const isDone = await attempt(workshop, ['npm', 'install', '--prefix', folder, `ipull@${IPULL_VERSION}`, ...flags])
  return isDone ? program : undefined
}

/** Runs a command whose failure costs no more than a line of the table, and says so. */
async function attempt(workshop: Workshop, argv: readonly [string, ...string[]], env = process.env): Promise<boolean> {
  const { cache, signal } = workshop
  try {
    await timed({ argv, cwd: cache, env, log: join(cache, 'install.log'), signal, limit: 300_000 })
    return true
  } catch (error) {
    signal.throwIfAborted()
    workshop.say(`${argv[0]} failed: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
}

async function missingTools(): Promise<(keyof typeof PACKAGES)[]> {
  const missing: (keyof typeof PACKAGES)[] = []
  for (const tool of Object.keys(PACKAGES) as (keyof typeof PACKAGES)[]) {
    if (!(await isOnPath(tool))) missing.push(tool)
  }
  return missing
}

async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    if (await isExecutable(join(folder, program))) return true
  }
  return false
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
