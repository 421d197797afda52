import type { Client } from '../../client/client.ts'
import { addOptions } from '../../config/add-options.ts'
import { SluiceError } from '../../core/errors.ts'
import { addList } from '../add-list.ts'
import { checkAdd, sharedFields } from '../add-requests.ts'
import type { AddOption, SharedFields } from '../add-requests.ts'
import { createAddResults } from '../add-results.ts'
import type { AddResults } from '../add-results.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'

export const addCommand: Command<AddOption> = {
  options: addOptions,
  examples: [
    'sluice add https://example.org/file.iso',
    'sluice add --priority 9 -d films --limit-rate 2m https://example.org/film.mp4',
    "sluice add owner/repo@v1.2.3 --asset '*linux*musl*'",
    'sluice add -i list.txt --paused',
  ],
  async run(settings, references, context) {
    checkAdd(settings, references)
    const fields = sharedFields(settings)
    const results = createAddResults(settings, context.screen)
    const daemon = await openDaemon(settings, context)
    await addEach(daemon, references, fields, results)
    const input = settings.text('input')
    if (input !== undefined) await addList(daemon, input, context.stdin, fields, results)
    return results.exitCode()
  },
}

/** In the order given; after a failure the others are still added, unless the daemon is not there. */
async function addEach(
  daemon: Client,
  references: readonly string[],
  fields: SharedFields,
  results: AddResults,
): Promise<void> {
  for (const reference of references) {
    try {
      results.added(reference, await daemon.add({ reference, ...fields }))
    } catch (error) {
      if (error instanceof SluiceError && error.status === undefined && error.exitCode === 3) throw error
      results.failed(reference, error)
    }
  }
}
