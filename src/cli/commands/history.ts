import type { HistoryFilter } from '../../client/client.ts'
import type { HistoryEntry, HistorySort } from '../../server/api-types.ts'
import { historyOptions } from '../../config/daemon-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import type { Command, CommandContext } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { noOperands, timeOf } from '../operands.ts'
import { pageFilter } from '../page-filter.ts'
import { clean, cleanJson } from '../print/clean.ts'
import { downloadName } from '../print/download-table.ts'
import { localTime } from '../print/local-time.ts'
import { partNote, tableLines } from '../print/table.ts'
import type { TableColumn } from '../print/table.ts'

type Option = (typeof historyOptions)[number]['name']

const columns: ReadonlyArray<TableColumn<HistoryEntry>> = [
  { title: 'ENDED', rank: 6, text: ({ downloadedAt }) => localTime(downloadedAt) },
  { title: 'STATUS', rank: 5, text: ({ status }) => clean(status) },
  { title: 'SIZE', rank: 4, right: true, text: ({ fileSize }) => (fileSize === null ? '?' : formatBytes(fileSize)) },
  { title: 'TIME', rank: 1, right: true, text: ({ duration }) => formatDuration(duration) },
  { title: 'SPEED', rank: 2, right: true, text: ({ speed }) => formatRate(speed) },
  { title: 'CHECKED', rank: 0, text: ({ verdict }) => clean(verdict ?? '') },
  { title: 'ID', rank: 3, text: ({ id }) => clean(id) },
  { title: 'NAME', rank: 9, text: downloadName },
]

export const historyCommand: Command<Option> = {
  options: historyOptions,
  examples: [
    'sluice history --since 2030-01-01 --status error',
    'sluice history --sort size --desc --limit 10',
    'sluice history --export csv > history.csv',
  ],
  async run(settings, operands, context) {
    noOperands(operands)
    const filter = historyFilter(settings)
    const format = settings.text('export')
    if (format === 'json' || format === 'csv') return exportAll(settings, filter, format, context)
    const { out, err } = context.screen
    const daemon = await openDaemon(settings, context)
    const page = pageFilter(settings)
    const { entries, total, totalIsExact } = await daemon.history({ ...filter, limit: page.limit, offset: page.offset })
    if (settings.flag('json')) {
      for (const entry of entries) out.line(cleanJson(entry))
      return 0
    }
    if (entries.length > 0) tableLines(columns, entries, context.columns()).forEach((line) => out.line(line))
    const note = partNote(entries.length, page.offset, total, 'downloads', !totalIsExact)
    if (note !== undefined && !settings.flag('quiet')) err.line(note)
    return 0
  },
}

function historyFilter(settings: Settings<Option>): HistoryFilter {
  const { limit: _limit, offset: _offset, ...shared } = pageFilter(settings)
  const [since, until] = [settings.text('since'), settings.text('until')]
  const sort = settings.text('sort') as HistorySort | undefined
  return {
    ...shared,
    ...(since === undefined ? {} : { since: timeOf(since, 'since') }),
    ...(until === undefined ? {} : { until: timeOf(until, 'until') }),
    ...(sort === undefined ? {} : { sort }),
  }
}

/** Passes the text on as it comes; a slow reader slows the daemon, nothing piles up here. */
async function exportAll(
  settings: Settings<Option>,
  filter: HistoryFilter,
  format: 'json' | 'csv',
  context: CommandContext,
): Promise<number> {
  const { out, outIsTerminal } = context.screen
  const daemon = await openDaemon(settings, context)
  for await (const text of daemon.exportHistory(format, filter)) {
    out.raw(outIsTerminal ? text.split('\n').map(clean).join('\n') : text)
    await out.flush()
  }
  return 0
}
