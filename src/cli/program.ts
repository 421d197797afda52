import { loadConfig } from '../config/load.ts'
import type { FileValues } from '../config/load.ts'
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
import { clean, cleanJson } from './print/clean.ts'
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
    // A wrong line prints nothing on stdout: nobody can tell what it asks for.
    if (known.code !== 'usage' && asksForJson(argv)) {
      const { code, message, hint, retryable } = known
      streams.out.line(cleanJson({ type: 'error', code, message, hint, retryable }))
    }
    exitCode = known.exitCode
  }
  await streams.out.flush()
  const problem = streams.out.problem()
  if (problem !== undefined) streams.err.line(`sluice: Standard output cannot be written: ${clean(problem.message)}`)
  await streams.err.flush()
  return problem !== undefined && exitCode === 0 ? 6 : exitCode
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--json' || word === '--json=true')
}

async function runLine(argv: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined) return help(undefined, streams)
  if (name.startsWith('-')) return runFlagsFirst(argv, streams)
  if (name === 'help') return help(rest[0], streams)
  if (name === 'version') return tellVersion(streams)
  return runCommand(findCommand(name), rest, streams)
}

async function runCommand(command: CommandSpec, rest: readonly string[], streams: Streams): Promise<number> {
  const loaded = await command.load()
  const args = parseArguments(rest, loaded.options)
  if (args.flags.has('help')) return help(command.name, streams)
  return run(loaded, args, streams)
}

/** Flags before the command are its own: `sluice --json list`. */
async function runFlagsFirst(argv: readonly string[], streams: Streams): Promise<number> {
  for (const [place, word] of argv.entries()) {
    const command = commands.find(({ name }) => name === word)
    if (command !== undefined && areFlagsOf(await command.load(), argv.slice(0, place)))
      return runCommand(command, argv.toSpliced(place, 1), streams)
  }
  const { flags, positionals } = parseArguments(argv, programOptions)
  return flags.has('version') ? tellVersion(streams) : help(positionals[0], streams)
}

/** Whether the words are flags of the command with their values, and nothing else. */
function areFlagsOf(command: Command, words: readonly string[]): boolean {
  try {
    return !words.includes('--') && parseArguments(words, command.options).positionals.length === 0
  } catch (error) {
    if (error instanceof SluiceError && error.code === 'usage') return false
    throw error
  }
}

async function tellVersion(streams: Streams): Promise<number> {
  const { version } = await import('./version.ts')
  streams.out.line(version())
  return 0
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
  const file = await configOf(command, paths.config, Boolean(env['SLUICE_CONFIG']))
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

async function configOf(command: Command, path: string, required: boolean): Promise<FileValues> {
  try {
    return await loadConfig(path, command.options, required)
  } catch (error) {
    if (command.checksConfig !== true || !(error instanceof SluiceError)) throw error
    return new Map()
  }
}
