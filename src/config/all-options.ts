import { serveOptions } from './serve-options.ts'
import type { OptionSpec } from './option-spec.ts'
import { pullOptions } from './model-options.ts'
import { llamaOptions, releaseOptions } from './llama-options.ts'
import { getOptions } from './options.ts'
import { remote } from './shared-options.ts'

/** The tables that have keys of the configuration file, which is one for all commands. */
export const allOptions: readonly OptionSpec[] = [
  ...getOptions,
  ...serveOptions,
  ...pullOptions,
  ...llamaOptions,
  ...releaseOptions,
  ...remote,
]
