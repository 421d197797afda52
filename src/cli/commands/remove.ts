import { removeOptions } from '../../config/daemon-options.ts'
import { actOnEach } from '../act.ts'
import type { Command } from '../command.ts'

export const removeCommand: Command<(typeof removeOptions)[number]['name']> = {
  options: removeOptions,
  examples: ['sluice remove dl-0123456789abcdef', 'sluice remove --delete-file dl-0123456789abcdef'],
  run(settings, ids, context) {
    const deleteFile = settings.flag('delete-file')
    const words = deleteFile ? 'removed with its file' : 'removed'
    return actOnEach(settings, ids, context, { type: 'removed', words }, (daemon, id) =>
      daemon.remove(id, { deleteFile }),
    )
  },
}
