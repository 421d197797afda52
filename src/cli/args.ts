import type { OptionSpec } from '../config/option-spec.ts'
import { SluiceError } from '../core/errors.ts'
import { closest } from './closest.ts'
import { clean } from './print/clean.ts'

export interface Arguments {
  /** Values as typed, by option name, in order. A flag without a value holds 'true'. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  readonly positionals: readonly string[]
}

/**
 * Takes a command line apart by an option table. Flags may stand anywhere before `--`; `--name=value`, `-n value`,
 * `-nvalue` and grouped short flags are understood. Throws `usage` for an unknown flag or a missing value.
 *
 * Node's own parser does it, as commander alone takes 8 MB and 10 ms of every run; and it is not imported, because an
 * import of node:util loads everything in there, for another 3 MB.
 */
export function parseArguments(argv: readonly string[], specs: readonly OptionSpec[]): Arguments {
  const options = Object.fromEntries(specs.map((spec) => [spec.name, parserOption(spec)]))
  const { parseArgs } = process.getBuiltinModule('node:util')
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  const flags = new Map<string, string[]>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const spec = specs.find((candidate) => candidate.name === token.name)
    // A single letter that no option has arrives under its own name.
    if (spec === undefined || (token.rawName === `-${token.name}` && spec.short !== token.name)) {
      throw unknownFlag(token.rawName, specs)
    }
    const value = token.value ?? (spec.kind === 'flag' ? 'true' : undefined)
    if (value === undefined) throw new SluiceError('usage', `${token.rawName} needs a value.`)
    flags.set(spec.name, [...(flags.get(spec.name) ?? []), value])
  }
  return { flags, positionals }
}

function parserOption(spec: OptionSpec): { type: 'boolean' | 'string'; short?: string } {
  const type = spec.kind === 'flag' ? 'boolean' : 'string'
  return spec.short === undefined ? { type } : { type, short: spec.short }
}

function unknownFlag(raw: string, specs: readonly OptionSpec[]): SluiceError {
  if (/^-\d/.test(raw))
    return new SluiceError('usage', `There is no flag ${clean(raw)}.`, {
      hint: 'Values that begin with a dash stand behind two: sluice settings -- KEY -1',
    })
  const shown = specs.filter((spec) => spec.group !== undefined).map((spec) => `--${spec.name}`)
  const near = closest(raw, shown)
  const hint = near === undefined ? {} : { hint: `Did you mean ${near}?` }
  return new SluiceError('usage', `There is no flag ${clean(raw)}.`, hint)
}
