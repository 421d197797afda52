import { actAllOptions } from '../../config/daemon-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { actOnAll, actOnEach } from '../act.ts'
import type { Done } from '../act.ts'
import { bulkOnListed } from '../bulk-listed.ts'
import type { Command } from '../command.ts'

type Option = (typeof actAllOptions)[number]['name']

const unfinished = ['created', 'validating', 'queued', 'active', 'paused']

export const cancelCommand = onSomeOrListed('cancel', { type: 'cancelled', words: 'cancelled' }, unfinished)

/** Of all only those that failed: what was cancelled was meant to be. */
export const retryCommand = onSomeOrListed('retry', { type: 'retried', words: 'queued again' }, ['error'])

function onSomeOrListed(action: 'cancel' | 'retry', done: Done, ofAll: readonly string[]): Command<Option> {
  return {
    options: actAllOptions,
    examples: [`sluice ${action} dl-0123456789abcdef`, `sluice ${action} --all`],
    async run(settings, ids, context) {
      if (!settings.flag('all')) return actOnEach(settings, ids, context, done, (daemon, id) => daemon.act(action, id))
      if (ids.length > 0) throw new SluiceError('usage', 'Give ids or --all, not both.')
      return actOnAll(settings, context, done, (daemon) => bulkOnListed(daemon, action, ofAll))
    },
  }
}
