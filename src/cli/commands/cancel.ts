import { actOptions } from '../../config/daemon-options.ts'
import { actOnEach } from '../act.ts'
import type { Command } from '../command.ts'

type Option = (typeof actOptions)[number]['name']

export const cancelCommand: Command<Option> = {
  options: actOptions,
  examples: ['sluice cancel dl-0123456789abcdef'],
  run: (settings, ids, context) =>
    actOnEach(settings, ids, context, { type: 'cancelled', words: 'cancelled' }, (daemon, id) =>
      daemon.act('cancel', id),
    ),
}

export const retryCommand: Command<Option> = {
  options: actOptions,
  examples: ['sluice retry dl-0123456789abcdef'],
  run: (settings, ids, context) =>
    actOnEach(settings, ids, context, { type: 'retried', words: 'queued again' }, (daemon, id) =>
      daemon.act('retry', id),
    ),
}
