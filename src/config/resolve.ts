import { SluiceError } from '../core/errors.ts'
import type { FileValues } from './load.ts'
import type { OptionSpec } from './option-spec.ts'
import type { OptionName } from './options.ts'
import { inHome } from './paths.ts'
import { readValue } from './values.ts'
import type { OptionValue } from './values.ts'

/** The values that hold for a run, read and checked. Asking for one in the wrong kind is an `internal` error. */
export interface Settings<N extends string = OptionName> {
  text(name: N): string | undefined
  number(name: N): number | undefined
  flag(name: N): boolean
  /** All values of a repeatable option, [] when there are none. */
  list(name: N): readonly string[]
  /** Whether the value stands in the configuration file: other variables of the environment may go before it. */
  isFromFile(name: N): boolean
}

export interface Given {
  /** As typed, by option name, in order. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: FileValues
  /** Path of the file, for messages. */
  readonly filePath: string
}

/** Decides every option: flag > environment > file > default. Throws `usage` for the first value that is wrong. */
export function resolveSettings<N extends string = OptionName>(
  specs: ReadonlyArray<OptionSpec & { readonly name: N }>,
  given: Given,
): Settings<N> {
  const values = new Map<string, readonly OptionValue[]>()
  const fromFile = new Set<string>()
  for (const spec of specs) {
    const { texts, where, isFile = false } = place(spec, given)
    if (isFile) fromFile.add(spec.name)
    const isList = spec.repeatable === true && spec.kind === 'choice'
    const all = isList ? texts.flatMap((text) => text.split(',')) : texts
    const counted = spec.repeatable ? all : all.slice(-1)
    const typed = spec.kind === 'path' ? counted.map((text) => inHome(text, given.env)) : counted
    const read = typed.map((text) => readValue(spec, text, where)).filter((value) => value !== undefined)
    values.set(spec.name, read)
  }
  const wrongKind = (name: string): SluiceError => new SluiceError('internal', `The option ${name} is of another kind.`)
  return {
    text(name) {
      const value = values.get(name)?.[0]
      if (value === undefined || typeof value === 'string') return value
      throw wrongKind(name)
    },
    number(name) {
      const value = values.get(name)?.[0]
      if (value === undefined || typeof value === 'number') return value
      throw wrongKind(name)
    },
    flag(name) {
      const value = values.get(name)?.[0] ?? false
      if (typeof value === 'boolean') return value
      throw wrongKind(name)
    },
    list: (name) => (values.get(name) ?? []).map(String),
    isFromFile: (name) => fromFile.has(name),
  }
}

interface Place {
  readonly texts: readonly string[]
  readonly where: string
  readonly isFile?: boolean
}

function place(spec: OptionSpec, given: Given): Place {
  const flags = given.flags.get(spec.name)
  if (flags !== undefined) return { texts: flags, where: `--${spec.name}` }
  const variable = spec.env === undefined ? undefined : given.env[spec.env]
  if (spec.env !== undefined && variable) return { texts: [variable], where: spec.env }
  const file = given.file.get(spec.name)
  if (file !== undefined) return { texts: file, where: `${spec.name} in ${given.filePath}`, isFile: true }
  return { texts: spec.default === undefined ? [] : [String(spec.default)], where: spec.name }
}
