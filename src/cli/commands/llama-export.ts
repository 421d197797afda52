import { resolve } from 'node:path'
import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { SluiceError } from '../../core/errors.ts'
import { parseTarget, showTarget } from '../../core/llama-target.ts'
import { exportTree } from '../../libraries/cache/export-tree.ts'
import { treesToExport } from '../../libraries/trees-to-export.ts'
import { formatBytes } from '../../core/units.ts'
import type { CommandContext } from '../command.ts'
import { watchInterrupts } from '../interrupt.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { withLibraries } from './llama-world.ts'

/** `sluice llama export --to DIR`: copies libraries of the cache to where a program is shipped with them. */
export async function runExport(
  settings: Settings<LlamaOption>,
  operands: readonly string[],
  context: CommandContext,
): Promise<number> {
  noOperands(operands)
  const { out, err } = context.screen
  const to = settings.text('to')
  if (to === undefined)
    throw new SluiceError('usage', '--to is missing: the folder to copy into.', {
      hint: 'sluice llama export --to libs',
    })
  const lists = settings.list('platforms')
  const named = lists.flatMap((list) => list.split(',')).map((one) => parseTarget(one))
  const platforms = lists.length === 0 ? undefined : named
  const request = {
    version: settings.text('version'),
    variant: settings.text('variant'),
    repository: settings.text('repo'),
  }
  const interrupts = watchInterrupts(() => undefined)
  try {
    await withLibraries(settings, context, async (world) => {
      for (const tree of await treesToExport(world, request, platforms)) {
        const { folder, bytes, replaced } = await exportTree(tree, resolve(context.cwd, to), interrupts.signal)
        out.line(
          settings.flag('json')
            ? cleanJson({ type: 'exported', folder, bytes, replaced, tag: tree.tag })
            : clean(folder),
        )
        if (!settings.flag('quiet'))
          err.line(
            `${clean(tree.tag)} ${showTarget(tree.platform)} ${clean(tree.variant)}: ${formatBytes(bytes)} copied`,
          )
      }
    })
    return 0
  } finally {
    interrupts.stop()
  }
}
