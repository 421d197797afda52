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
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw new SluiceError('usage', `The configuration file ${path} is not valid TOML: ${reason}`, { cause: error })
  }
  const entries = await ownEntries(table, specs)
  return new Map(entries.map(([key, value]) => [key, readEntry(path, specs, key, value)]))
}

/** Without the keys that belong to other commands; those that belong to none stay, to be told. */
async function ownEntries(
  table: Record<string, unknown>,
  specs: readonly OptionSpec[],
): Promise<Array<[key: string, value: unknown]>> {
  const isKey = (key: string, tables: readonly OptionSpec[]): boolean =>
    tables.some(({ name, file }) => name === key && file === true)
  const entries = Object.entries(table)
  if (entries.every(([key]) => isKey(key, specs))) return entries
  const { allOptions } = await import('./all-options.ts')
  return entries.filter(([key]) => isKey(key, specs) || !isKey(key, allOptions))
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
  if (spec?.file !== true) {
    throw new SluiceError(
      'usage',
      `The configuration file ${path} has the key "${key.slice(0, 40)}", which is none of Sluice's.`,
      {
        hint: `Possible keys: ${specs
          .filter((candidate) => candidate.file)
          .map((candidate) => candidate.name)
          .join(', ')}.`,
      },
    )
  }
  const values = spec.repeatable && Array.isArray(value) ? (value as unknown[]) : [value]
  return values.map((one) => {
    if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') return String(one)
    throw new SluiceError('usage', `In the configuration file ${path}, ${key} has a value of a wrong kind.`)
  })
}
