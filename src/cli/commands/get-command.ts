import { getOptions } from '../../config/options.ts'
import type { OptionName } from '../../config/options.ts'
import type { Engine, EngineOptions } from '../../transfer/types.ts'
import type { Command } from '../command.ts'
import { compileHotCode } from '../compiler.ts'

export const getCommand: Command<OptionName> = {
  options: getOptions,
  examples: [
    'sluice get https://example.org/file.iso',
    'sluice get -d downloads --sha256 HEX https://example.org/file.iso',
    'sluice get -j 8 -i list.txt',
  ],
  async run(settings, references, { screen, stdin, paths, cwd }) {
    if (references.length > 1 || settings.text('input') !== undefined) compileHotCode(true)
    const { runGet } = await import('./get.ts')
    return runGet(settings, references, { screen, stdin, dataDir: paths.data, cwd, createEngine: loadEngine })
  },
}

/** Loading the engine takes longer than reading a line, so wrong lines are answered without. */
async function loadEngine(options: EngineOptions, onWarning: (message: string) => void): Promise<Engine> {
  const { createEngine } = await import('../../transfer/engine.ts')
  return createEngine(options, onWarning)
}
