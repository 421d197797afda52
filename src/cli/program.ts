import { loadConfig } from '../config/load.ts'
import type { OptionSpec } from '../config/option-spec.ts'
import { ownPaths } from '../config/paths.ts'
import { resolveSettings } from '../config/resolve.ts'
import { SluiceError, asSluiceError } from '../core/errors.ts'
import { parseArguments } from './args.ts'
import type { Arguments } from './args.ts'
import { commands } from './catalogue.ts'
import type { CommandSpec } from './catalogue.ts'
import { closest } from './closest.ts'
import type { Command } from './command.ts'
import { createOutput } from './print/output.ts'
import type { Output } from './print/output.ts'
import { clean } from './print/clean.ts'
import { errorLines } from './print/words.ts'
import { shownReference } from './print/reference.ts'

const programOptions: readonly OptionSpec[] = [
  { name: 'help', short: 'h', kind: 'flag', group: 'Output', help: '' },
  { name: 'version', short: 'V', kind: 'flag', group: 'Output', help: '' },
]

interface Streams {
  readonly out: Output
  readonly err: Output
}

/** Runs a command line (without node and script) to its end and returns the exit code; all output is written by then. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const streams = { out: createOutput(process.stdout), err: createOutput(process.stderr) }
  let exitCode: number
  try {
    exitCode = await runLine(argv, streams)
  } catch (error) {
    const known = asSluiceError(error)
    for (const line of errorLines('', known, argv.includes('--verbose'))) streams.err.line(line)
    exitCode = known.exitCode
  }
  await streams.out.flush()
  const problem = streams.out.problem()
  if (problem !== undefined) streams.err.line(`sluice: Standard output cannot be written: ${clean(problem.message)}`)
  await streams.err.flush()
  return problem !== undefined && exitCode === 0 ? 6 : exitCode
}

async function runLine(argv: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name.startsWith('-')) return runBare(argv, streams)
  if (name === 'help') return help(rest[0], streams)
  const command = findCommand(name)
  const loaded = await command.load()
  const args = parseArguments(rest, loaded.options)
  if (args.flags.has('help')) return help(name, streams)
  return run(loaded, args, streams)
}

/** `sluice` without a command. */
async function runBare(argv: readonly string[], streams: Streams): Promise<number> {
  const { flags, positionals } = parseArguments(argv, programOptions)
  if (flags.has('version')) {
    const { version } = await import('./version.ts')
    streams.out.line(version())
    return 0
  }
  return help(positionals[0], streams)
}

async function help(name: string | undefined, { out }: Streams): Promise<number> {
  const { commandHelp, programHelp } = await import('./help.ts')
  const columns = Math.min(process.stdout.columns ?? 80, 100)
  if (name === undefined) out.raw(programHelp(columns))
  else {
    const command = findCommand(name)
    out.raw(commandHelp(command, await command.load(), columns))
  }
  return 0
}

function findCommand(name: string): CommandSpec {
  const command = commands.find((candidate) => candidate.name === name)
  if (command !== undefined) return command
  const near = name.includes('://')
    ? 'get'
    : closest(
        name,
        commands.map((candidate) => candidate.name),
      )
  const line = name.includes('://') ? `sluice get ${clean(shownReference(name))}` : `sluice ${near}`
  throw new SluiceError('usage', `There is no command "${clean(shownReference(name))}".`, {
    hint: near === undefined ? 'See sluice --help for the commands.' : `Did you mean ${line}?`,
  })
}

async function run(command: Command, args: Arguments, streams: Streams): Promise<number> {
  const { env, stdout, stderr } = process
  const paths = ownPaths(env)
  const file = await loadConfig(paths.config, command.options, Boolean(env['SLUICE_CONFIG']))
  const settings = resolveSettings(command.options, { flags: args.flags, env, file, filePath: paths.config })
  return command.run(settings, args.positionals, {
    screen: {
      ...streams,
      outIsTerminal: stdout.isTTY,
      live: stderr.isTTY && env['TERM'] !== 'dumb',
      size: () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 }),
      now: () => performance.now(),
    },
    columns: () => (stdout.isTTY ? stdout.columns || 80 : Infinity),
    stdin: () => process.stdin,
    paths,
    cwd: process.cwd(),
    env,
  })
}
