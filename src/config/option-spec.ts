/**
 * How the text of an option is read. `seconds` become milliseconds, `rate` becomes bytes per second (600K, 10m) and
 * `size` bytes, `~/` at the beginning of a `path` becomes the home folder.
 */
export type OptionKind =
  | 'flag'
  | 'text'
  | 'path'
  | 'integer'
  | 'seconds'
  | 'rate'
  | 'size'
  | 'choice'
  | 'header'
  | 'checksum'
  | 'sha256'
  | 'proxy'

export interface OptionSpec {
  /** Long flag without the dashes, and key in the configuration file. */
  readonly name: string
  readonly short?: string
  readonly kind: OptionKind
  /** May be given several times; all values count, choices also with commas between them. Otherwise the last one does. */
  readonly repeatable?: boolean
  readonly choices?: readonly string[]
  /** Smallest and largest value, in the unit that the user types. */
  readonly range?: readonly [least: number, most: number]
  /** A word that stands for "not set". */
  readonly unset?: string
  readonly default?: string | number
  /** Environment variable with the same meaning; absent for what concerns a single run. */
  readonly env?: string
  /** May stand in the configuration file. */
  readonly file?: boolean
  /** Name of the value in the help. */
  readonly value?: string
  readonly help: string
  /** Heading in the help; absent options are hidden from it. */
  readonly group?: 'Files' | 'Queue' | 'Checks' | 'Speed' | 'Requests' | 'Choice' | 'Daemon' | 'Connection' | 'Output'
}
