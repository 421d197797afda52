import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { rotated } from './pairs.ts'
import { timed } from './program.ts'
import type { Command } from './program.ts'
import type { Section, Series, Target, Unit } from './results.ts'
import type { Web } from './servers.ts'

/** What rows share: the server, the places, and how often to measure. */
export interface Bench {
  readonly web: Web
  /** Folder of the fixtures that `web` serves. */
  readonly www: string
  /** Folder on the real disk for everything of this run; removed at the end. */
  readonly folder: string
  /** Folder in a memory disk, where this machine has one. */
  readonly memory: string | undefined
  readonly rounds: number
  /** Leave out Sluice itself. */
  readonly onlyPeers: boolean
  /** The compiled raw-recv.c, if there is a compiler. */
  readonly floor: string | undefined
  /** The installed ipull, if it could be installed. */
  readonly ipull: string | undefined
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export type Argv = readonly [string, ...string[]]

export interface Contender {
  readonly name: string
  /** Undefined when it is not to be had on this machine. */
  readonly argv: Argv | undefined
  /** Set for Sluice, in all its settings. */
  readonly isOurs?: boolean
  /** Runs before each start, outside the time. */
  readonly prepare?: () => void
}

/** Contenders that do the same work in turn, and what Sluice owes against them. */
export interface Match {
  readonly title: string
  readonly ours: string
  readonly beside?: string
  readonly contenders: readonly Contender[]
  readonly targets: readonly Target[]
  /** Looks at what a run left in its folder, outside the time. Rejects when it is not the right thing. */
  readonly check: (folder: string) => Promise<void>
  /** Where the runs happen, when not in `bench.folder`. */
  readonly place?: string
  readonly rounds?: number
  /** The home folder is emptied before each run, not only before the first: nothing learned of the server is left. */
  readonly isForgetful?: boolean
}

/** How one sample is taken from one run. */
export interface Meter {
  readonly unit: Unit
  readonly take: (command: Command) => Promise<number>
}

/** Wall time of the whole command. */
const stopwatch: Meter = { unit: 's', take: timed }

/** The checkout. */
const ROOT = join(import.meta.dirname, '..')

/** No run of this bench is allowed more, in ms. */
const LIMIT = 300_000

/**
 * Runs every contender once a round, each in an empty folder, beginning with another one each round. One that fails
 * stays out of the later rounds, and its section says why; an abort ends the whole bench.
 */
export async function measure(bench: Bench, match: Match, meter: Meter = stopwatch): Promise<Section> {
  const entered = match.contenders.filter((contender) => !(bench.onlyPeers && contender.isOurs === true))
  const results = new Map<Contender, Series>(
    entered.map((contender) => [contender, { name: contender.name, samples: [] }]),
  )
  bench.say(`  ${match.title}`)
  await empty(join(bench.folder, 'home'))
  for (let round = 0; round < (match.rounds ?? bench.rounds); round++) {
    for (const contender of rotated(entered, round)) {
      const series = results.get(contender)
      if (series === undefined || series.problem !== undefined) continue
      try {
        const sample = await runOnce(bench, match, contender, meter)
        series.samples.push(Number(sample.toPrecision(5)))
        bench.say(`    ${round + 1}  ${contender.name}: ${sample.toFixed(meter.unit === 's' ? 2 : 0)} ${meter.unit}`)
      } catch (error) {
        bench.signal.throwIfAborted()
        series.problem = reason(error, bench)
        bench.say(`    ${round + 1}  ${contender.name}: ${series.problem}`)
      }
    }
  }
  return {
    title: match.title,
    unit: meter.unit,
    ours: match.ours,
    ...(match.beside === undefined ? {} : { beside: match.beside }),
    series: [...results.values()],
    targets: match.targets,
  }
}

async function runOnce(bench: Bench, match: Match, contender: Contender, meter: Meter): Promise<number> {
  if (contender.argv === undefined) throw new Error('not available on this machine')
  const home = join(bench.folder, 'home')
  const folder = join(match.place ?? bench.folder, 'work')
  const surroundings = { env: environment(home), log: join(bench.folder, 'log'), signal: bench.signal, limit: LIMIT }
  if (match.isForgetful === true) await empty(home)
  await empty(folder)
  // Otherwise one pays for what the one before it left to write.
  await timed({ argv: ['sync', '-f', folder], cwd: folder, ...surroundings })
  contender.prepare?.()
  try {
    const sample = await meter.take({ argv: contender.argv, cwd: folder, ...surroundings })
    await match.check(folder)
    return sample
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same few variables for everyone: no proxies, no settings, no home of a real user. */
function environment(home: string): NodeJS.ProcessEnv {
  const bin = join(ROOT, 'node_modules', '.bin')
  return { PATH: `${bin}:${process.env['PATH'] ?? '/usr/bin:/bin'}`, HOME: home, LANG: 'C.UTF-8' }
}

async function empty(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}

/** Words for the table, without the folders of this machine. */
function reason(error: unknown, bench: Bench): string {
  if (!(error instanceof Error)) return String(error)
  const isMissing = 'code' in error && error.code === 'ENOENT' && error.message.startsWith('spawn')
  return isMissing ? 'not installed' : error.message.replaceAll(bench.folder, '').replaceAll(ROOT, '')
}
