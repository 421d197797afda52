import { SluiceError } from '../core/errors.ts'
import type { OptionSpec } from './option-spec.ts'

/** Values as the file spells them, by option name. */
export type FileValues = ReadonlyMap<string, readonly string[]>

/**
 * Reads the configuration file (TOML: `jobs = 8`, `header = ["A: b"]`; the keys are the long flags). A missing file
 * is an empty one, unless `required`. Unreadable or wrong files are `usage` errors: silently going on without, say,
 * a proxy would be worse.
 */
export async function loadConfig(path: string, specs: readonly OptionSpec[], required: boolean): Promise<FileValues> {
  const text = readIfThere(path, required)
  if (text === undefined) return new Map()
  // Loaded only when there is something to read: it costs start-up time.
  const { parse } = await import('smol-toml')
  let table: Record<string, unknown>
  try {
    table = parse(text)
  } catch (error) {
    throw notToml(path, error)
  }
  const entries = await ownEntries(path, table, specs)
  return new Map(entries.map(([key, value]) => [key, readEntry(path, specs, key, value)]))
}

/** Where it is wrong and why; what stands there may be a secret. */
function notToml(path: string, error: unknown): SluiceError {
  const reason =
    error instanceof Error ? (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '') : ''
  const line = error instanceof Error && 'line' in error ? `line ${String(error.line)}: ` : ''
  return new SluiceError('usage', `The configuration file ${path} is not valid TOML: ${line}${reason}`, {
    hint: 'Correct that line: jobs = 8, dir = "/data", header = ["A: b"].',
    cause: error,
  })
}

/** Without the keys that belong to other commands. Throws for those that belong to none. */
async function ownEntries(
  path: string,
  table: Record<string, unknown>,
  specs: readonly OptionSpec[],
): Promise<Array<[key: string, value: unknown]>> {
  const isKey = (key: string, tables: readonly OptionSpec[]): boolean =>
    tables.some(({ name, file }) => name === key && file === true)
  const entries = Object.entries(table)
  if (entries.every(([key]) => isKey(key, specs))) return entries
  const { allOptions } = await import('./all-options.ts')
  const stranger = entries.find(([key]) => !isKey(key, specs) && !isKey(key, allOptions))
  if (stranger !== undefined) throw unknownKey(path, stranger[0], stranger[1], allOptions)
  return entries.filter(([key]) => isKey(key, specs))
}

function unknownKey(path: string, key: string, value: unknown, all: readonly OptionSpec[]): SluiceError {
  const shown = key.slice(0, 40)
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value)
  const keys = [...new Set(all.filter(({ file }) => file).map(({ name }) => name))]
  return new SluiceError('usage', `The configuration file ${path} has the key "${shown}", which is none of Sluice's.`, {
    hint: isSection ? `There are no sections: leave out the line [${shown}].` : `Possible keys: ${keys.join(', ')}.`,
  })
}

function readIfThere(path: string, required: boolean): string | undefined {
  try {
    // An import of node:fs would load its promises too, and take 3 MB of every run.
    return process.getBuiltinModule('node:fs').readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined
    throw new SluiceError('usage', `The configuration file ${path} cannot be read (${String(code)}).`, {
      hint: 'Check the path, SLUICE_CONFIG, and the permissions of the file.',
      cause: error,
    })
  }
}

function readEntry(path: string, specs: readonly OptionSpec[], key: string, value: unknown): string[] {
  const spec = specs.find((candidate) => candidate.name === key)
  const values = spec?.repeatable === true && Array.isArray(value) ? (value as unknown[]) : [value]
  return values.map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw new SluiceError('usage', `In the configuration file ${path}, ${key} has a value of a wrong kind.`)
  })
}
