import { pullOptions } from '../../config/model-options.ts'
import type { PullOption } from '../../config/model-options.ts'
import type { Command } from '../command.ts'
import { compileHotCode } from '../compiler.ts'

export const pullCommand: Command<PullOption> = {
  options: pullOptions,
  examples: [
    'sluice pull llama3.2:1b',
    'sluice pull hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M',
    'sluice pull --zip model.zip llama3.2:1b',
    'sluice pull --files models oci://ghcr.io/owner/artifact:v1',
  ],
  async run(settings, models, { screen, paths, cwd, env }) {
    compileHotCode(true)
    const { runPull } = await import('./pull.ts')
    return runPull(settings, models, { screen, dataDir: paths.data, cwd, env })
  },
}
