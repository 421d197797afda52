import { listOptions } from '../../config/daemon-options.ts'
import type { ListSort } from '../../server/api-types.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { noOperands } from '../operands.ts'
import { pageFilter } from '../page-filter.ts'
import { cleanJson } from '../print/clean.ts'
import { downloadColumns } from '../print/download-table.ts'
import { partNote, tableLines } from '../print/table.ts'

export const listCommand: Command<(typeof listOptions)[number]['name']> = {
  options: listOptions,
  examples: ['sluice list', 'sluice list --status error --json', 'sluice list --sort size --desc --limit 20'],
  async run(settings, operands, context) {
    noOperands(operands)
    const { out, err } = context.screen
    const daemon = await openDaemon(settings, context)
    const sort = settings.text('sort') as ListSort | undefined
    const filter = pageFilter(settings)
    const { downloads, total } = await daemon.list({ ...filter, ...(sort === undefined ? {} : { sort }) })
    if (settings.flag('json')) {
      for (const download of downloads) out.line(cleanJson(download))
      return 0
    }
    if (downloads.length > 0)
      tableLines(downloadColumns, downloads, context.columns()).forEach((line) => out.line(line))
    const note = partNote(downloads.length, filter.offset, total, 'downloads')
    if (note !== undefined && !settings.flag('quiet')) err.line(note)
    return 0
  },
}
