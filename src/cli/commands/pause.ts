import type { Client } from '../../client/client.ts'
import type { BulkResult } from '../../server/api-types.ts'
import { actAllOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { actOnAll, actOnEach } from '../act.ts'
import type { Done } from '../act.ts'
import type { Command } from '../command.ts'

type Option = (typeof actAllOptions)[number]['name']

export const pauseCommand = onSomeOrAll('pause', { type: 'paused', words: 'paused' }, (daemon) => daemon.pauseAll())

export const resumeCommand = onSomeOrAll('resume', { type: 'resumed', words: 'resumed' }, (daemon) =>
  daemon.resumeAll(),
)

function onSomeOrAll(
  action: 'pause' | 'resume',
  done: Done,
  all: (daemon: Client) => Promise<BulkResult>,
): Command<Option> {
  return {
    options: actAllOptions,
    examples: [`sluice ${action} dl-0123456789abcdef`, `sluice ${action} --all`],
    async run(settings, ids, context) {
      if (!settings.flag('all')) return actOnEach(settings, ids, context, done, (daemon, id) => daemon.act(action, id))
      if (ids.length > 0) throw new SluiceError('usage', 'Give ids or --all, not both.')
      return actOnAll(settings, context, done, all)
    },
  }
}
