import { removeOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { actOnAll, actOnEach } from '../act.ts'
import { bulkOnListed } from '../bulk-listed.ts'
import type { Command } from '../command.ts'

export const removeCommand: Command<(typeof removeOptions)[number]['name']> = {
  options: removeOptions,
  examples: [
    'sluice remove dl-0123456789abcdef',
    'sluice remove --delete-file dl-0123456789abcdef',
    'sluice remove --status completed --status cancelled',
  ],
  async run(settings, ids, context) {
    const deleteFile = settings.flag('delete-file')
    const done = { type: 'removed', words: deleteFile ? 'removed with its file' : 'removed' }
    const status = settings.list('status')
    const all = settings.flag('all')
    if (!all && status.length === 0)
      return actOnEach(settings, ids, context, done, (daemon, id) => daemon.remove(id, { deleteFile }))
    if (ids.length > 0 || (all && status.length > 0))
      throw new SluiceError('usage', 'Give ids, --status or --all, not more than one of these.')
    return actOnAll(settings, context, done, (daemon) => bulkOnListed(daemon, 'remove', status, deleteFile))
  },
}
