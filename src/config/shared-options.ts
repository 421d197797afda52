import type { OptionSpec } from './option-spec.ts'
import { getOptions } from './options.ts'
import type { OptionName } from './options.ts'

/** A table whose names are known to the compiler. */
type Table<N extends string> = ReadonlyArray<OptionSpec & { readonly name: N }>

/** Options of `get` that mean the same elsewhere. */
export function ofGet<N extends OptionName>(...names: readonly N[]): Table<N> {
  return getOptions.filter((option): option is typeof option & { readonly name: N } =>
    names.some((name) => name === option.name),
  )
}

/** Of every command that talks to the daemon. */
export const remote = [
  {
    name: 'url',
    kind: 'text',
    env: 'SLUICE_URL',
    file: true,
    value: 'URL',
    group: 'Daemon',
    help: 'Address of the daemon. Default: the one that runs with this data folder, else http://127.0.0.1:8080.',
  },
  {
    name: 'token',
    kind: 'text',
    env: 'SLUICE_TOKEN',
    file: true,
    value: 'TOKEN',
    group: 'Daemon',
    help: 'Its token; better in the environment or the configuration file, where others do not see it.',
  },
  ...ofGet('json', 'verbose', 'help'),
] as const satisfies readonly OptionSpec[]

export const quiet = ofGet('quiet')

/** Of every command that fetches in the foreground. */
export const foreground = ofGet(
  'connections',
  'limit-rate',
  'user-agent',
  'retries',
  'timeout',
  'connect-timeout',
  'stall-timeout',
  'proxy',
  'cacert',
  'insecure',
  'ipv4',
  'ipv6',
  'allow-private',
  'json',
  'quiet',
  'no-progress',
  'verbose',
  'help',
  'no-sync',
)
