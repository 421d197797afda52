import type { Readable } from 'node:stream'
import type { OptionSpec } from '../config/option-spec.ts'
import type { Paths } from '../config/paths.ts'
import type { Settings } from '../config/resolve.ts'
import type { Screen } from './print/choose.ts'

/** What a command may use of the world. */
export interface CommandContext {
  readonly screen: Screen
  /** Columns of stdout, Infinity where it is no terminal and lines may have any length. */
  readonly columns: () => number
  /** Asked for only when it is read. */
  readonly stdin: () => Readable
  readonly paths: Paths
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A command with its option table; N are the names of its options. */
export interface Command<N extends string = string> {
  readonly options: ReadonlyArray<OptionSpec & { readonly name: N }>
  /** Runs without the configuration file where that is wrong, and tells so itself. */
  readonly checksConfig?: true
  /** What its first operand may be, with what follows it, for the help. */
  readonly actions?: ReadonlyArray<readonly [line: string, summary: string]>
  /** Lines for the end of its help. */
  readonly examples: readonly string[]
  /** Gives the exit code; what it throws is printed and gives its own. */
  run(settings: Settings<N>, operands: readonly string[], context: CommandContext): Promise<number>
}
