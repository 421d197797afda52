import type { HistoryFilter } from '../../client/client.ts'
import type { HistoryEntry, HistorySort } from '../../server/api-types.ts'
import { historyOptions } from '../../config/daemon-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import { actOnEach } from '../act.ts'
import { createAddResults } from '../add-results.ts'
import type { Command, CommandContext } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { noOperands, someIds, timeOf } from '../operands.ts'
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
    'sluice history redownload dl-0123456789abcdef',
  ],
  actions: [
    ['remove ID...', 'forget entries; files and figures stay'],
    ['redownload ID...', 'add what an entry was to the queue again'],
  ],
  async run(settings, operands, context) {
    const [action, ...ids] = operands
    if (action === 'remove') return forget(settings, ids, context)
    if (action === 'redownload') return redownload(settings, ids, context)
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

function forget(settings: Settings<Option>, ids: readonly string[], context: CommandContext): Promise<number> {
  const done = { type: 'forgotten', words: 'forgotten' }
  return actOnEach(settings, ids, context, done, (daemon, id) => daemon.removeHistory(id))
}

/** The new ids go to stdout, as those of `sluice add`. */
async function redownload(
  settings: Settings<Option>,
  ids: readonly string[],
  context: CommandContext,
): Promise<number> {
  const results = createAddResults(settings, context.screen)
  const daemon = await openDaemon(settings, context)
  for (const id of someIds(ids)) {
    try {
      results.added(undefined, await daemon.redownload(id))
    } catch (error) {
      results.failed(id, error)
    }
  }
  return results.exitCode()
}

function historyFilter(settings: Settings<Option>): HistoryFilter {
  const { limit: _limit, offset: _offset, ...shared } = pageFilter(settings)
  const [since, until] = [settings.text('since'), settings.text('until')]
  const [minSize, maxSize] = [settings.number('min-size'), settings.number('max-size')]
  const sort = settings.text('sort') as HistorySort | undefined
  return {
    ...shared,
    ...(minSize === undefined ? {} : { minSize }),
    ...(maxSize === undefined ? {} : { maxSize }),
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
  const [limit, offset] = [settings.number('limit'), settings.number('offset')]
  const part = { ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) }
  for await (const text of daemon.exportHistory(format, { ...filter, ...part })) {
    out.raw(outIsTerminal ? text.split('\n').map(clean).join('\n') : text)
    await out.flush()
  }
  return 0
}
