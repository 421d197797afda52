import { releaseOptions } from '../../config/llama-options.ts'
import type { ReleaseOption } from '../../config/llama-options.ts'
import { SluiceError } from '../../core/errors.ts'
import type { Command } from '../command.ts'

export const releaseCommand: Command<ReleaseOption> = {
  options: releaseOptions,
  examples: [
    'sluice release cli/cli',
    'sluice release BurntSushi/ripgrep@14.1.1 --unpack',
    'sluice release owner/repo --platform darwin/arm64',
    "sluice release owner/repo --asset '*linux*musl*'",
    'sluice release owner/repo --list',
  ],
  async run(settings, operands, context) {
    const [reference, ...more] = operands
    if (reference === undefined || more.length > 0)
      throw new SluiceError('usage', 'Give one release.', { hint: 'sluice release owner/repo[@tag]' })
    const { runRelease } = await import('./release.ts')
    return runRelease(settings, reference, context)
  },
}
