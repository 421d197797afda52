import { moveFileOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import type { MoveFileRequest } from '../../server/api-types.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { idAndValue } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

type Option = (typeof moveFileOptions)[number]['name']

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
    const { path } = await daemon.moveFile(id, {
      dir,
      ...(filename === undefined ? {} : { filename }),
      ...(ifExists === undefined ? {} : { ifExists }),
    })
    context.screen.out.line(settings.flag('json') ? cleanJson({ type: 'file-moved', id, path }) : clean(path))
    return 0
  },
}
