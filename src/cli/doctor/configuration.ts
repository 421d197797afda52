import { stat } from 'node:fs/promises'
import { allOptions } from '../../config/all-options.ts'
import { loadConfig } from '../../config/load.ts'
import type { FileValues } from '../../config/load.ts'
import type { OptionSpec } from '../../config/option-spec.ts'
import { resolveSettings } from '../../config/resolve.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { ok, problem, reasonOf, warning } from './finding.ts'
import type { Finding } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Configuration {
  readonly findings: readonly Finding[]
  /** What file and environment say of an option; undefined where they say nothing, or something wrong. */
  text(name: string): string | undefined
  number(name: string): number | undefined
}

const topic = 'configuration'

/** Reads all that commands may find in the file and in the environment, and tells what is wrong with it. */
export async function readConfiguration(path: string, env: Environment): Promise<Configuration> {
  const findings: Finding[] = []
  const file = await readFileValues(path, env, findings)
  const settings = new Map<string, Settings<string>>()
  const told = new Set<string>()
  for (const spec of allOptions) {
    try {
      const own = settingsOf(spec, file, env, path)
      if (!settings.has(spec.name) || own.list(spec.name).length > 0) settings.set(spec.name, own)
    } catch (error) {
      const { message, hint } = usageError(error)
      // Options of several commands are one for the user.
      if (!told.has(message)) findings.push(problem(topic, message, hint))
      told.add(message)
    }
  }
  return {
    findings,
    text: (name) => settings.get(name)?.text(name),
    number: (name) => settings.get(name)?.number(name),
  }
}

/** Without the default: only what was given is of interest. */
function settingsOf(spec: OptionSpec, file: FileValues, env: Environment, filePath: string): Settings<string> {
  const { default: _, ...given } = spec
  return resolveSettings<string>([given], { flags: new Map(), env, file, filePath })
}

async function readFileValues(path: string, env: Environment, findings: Finding[]): Promise<FileValues> {
  try {
    const values = await loadConfig(path, allOptions, Boolean(env['SLUICE_CONFIG']))
    findings.push(...(await fileFindings(path, values)))
    return values
  } catch (error) {
    const { message, hint } = usageError(error)
    findings.push(problem(topic, message, hint))
    return new Map()
  }
}

async function fileFindings(path: string, values: FileValues): Promise<Finding[]> {
  try {
    const { mode } = await stat(path)
    const isOpen = process.platform !== 'win32' && (mode & 0o077) !== 0
    const hint = `Run chmod 600 ${path}`
    return isOpen && values.has('token')
      ? [warning(topic, `Others on this machine may read the token in ${path}.`, hint)]
      : [ok(topic, path)]
  } catch (error) {
    const code = reasonOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return [ok(topic, `${path} (none, and none is needed)`)]
    return [problem(topic, `${path} cannot be looked at (${code}).`, 'Check its permissions.')]
  }
}

function usageError(error: unknown): SluiceError {
  if (error instanceof SluiceError && error.code === 'usage') return error
  throw error
}
