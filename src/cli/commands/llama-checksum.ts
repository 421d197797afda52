import { resolve } from 'node:path'
import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { parseSha256 } from '../../core/digest.ts'
import { SluiceError } from '../../core/errors.ts'
import { sha256File } from '../../libraries/sha256-file.ts'
import type { CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { clean, cleanJson } from '../print/clean.ts'

/** `sluice llama verify-checksum FILE [HEX]`: prints the SHA-256 of a file; 5 where it is another than the one given. */
export async function runChecksum(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  { screen: { out, err }, cwd }: CommandContext,
): Promise<number> {
  const [file, hex, ...more] = operands
  if (file === undefined || more.length > 0)
    throw new SluiceError('usage', 'Give a file, and the SHA-256 to compare it with.', {
      hint: 'sluice llama verify-checksum FILE [HEX]',
    })
  const expected = hex === undefined ? undefined : parseSha256(hex).hex
  const interrupts = watchInterrupts(() => undefined)
  try {
    if (!settings.flag('quiet') && !settings.flag('json')) err.line(`Calculating SHA256 checksum for ${clean(file)}...`)
    const sha256 = await sha256File(resolve(cwd, file), interrupts.signal)
    const matches = expected === undefined ? null : sha256 === expected
    out.line(
      settings.flag('json')
        ? cleanJson({ type: 'checksum', path: resolve(cwd, file), sha256, matches })
        : `SHA256: ${sha256}`,
    )
    if (matches === false)
      throw new SluiceError('digest-mismatch', `${file} has the SHA-256 ${sha256}, expected was ${expected ?? ''}.`)
    if (matches === true && !settings.flag('quiet')) err.line('The checksum matches.')
    return 0
  } finally {
    interrupts.stop()
  }
}
