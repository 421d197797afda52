import { setTimeout } from 'node:timers/promises'
import { moveFileOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import type { MoveFileRequest } from '../../server/api-types.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { moveToEnd } from '../move-to-end.ts'
import { idAndValue } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

type Option = (typeof moveFileOptions)[number]['name']

/** Between two looks at a long move. */
const pauseMs = 2000

export const moveFileCommand: Command<Option> = {
  options: moveFileOptions,
  examples: [
    'sluice move-file dl-0123456789abcdef films',
    'sluice move-file dl-0123456789abcdef . --output other.iso --if-exists fail',
  ],
  async run(settings, operands, context) {
    const [id, dir] = idAndValue(operands, 'a folder')
    const filename = settings.text('output')
    if (filename !== undefined && /[/\\]/.test(filename))
      throw new SluiceError('usage', '--output must be a name, not a path.', { hint: 'Give the folder behind the id.' })
    const ifExists = settings.text('if-exists') as MoveFileRequest['ifExists']
    const daemon = await openDaemon(settings, context)
    const request = {
      dir,
      ...(filename === undefined ? {} : { filename }),
      ...(ifExists === undefined ? {} : { ifExists }),
    }
    const path = await moveToEnd(daemon, id, request, () => setTimeout(pauseMs))
    context.screen.out.line(settings.flag('json') ? cleanJson({ type: 'file-moved', id, path }) : clean(path))
    return 0
  },
}
