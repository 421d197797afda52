import type { Statistics } from '../../server/api-types.ts'
import { showOptions } from '../../config/daemon-options.ts'
import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import type { Command } from '../command.ts'
import { openDaemon } from '../find-daemon.ts'
import { noOperands } from '../operands.ts'
import { clean, cleanJson } from '../print/clean.ts'

export const statsCommand: Command<(typeof showOptions)[number]['name']> = {
  options: showOptions,
  examples: ['sluice stats', 'sluice stats --json'],
  async run(settings, operands, context) {
    noOperands(operands)
    const { out } = context.screen
    const statistics = await (await openDaemon(settings, context)).statistics()
    if (settings.flag('json')) out.line(cleanJson(statistics))
    else statisticsLines(statistics).forEach((line) => out.line(line))
    return 0
  },
}

function statisticsLines(s: Statistics): string[] {
  const states = Object.entries(s.counts ?? {}).filter(([, count]) => count > 0)
  return [
    row('All time', `${files(s.totalFiles)}, ${formatBytes(s.totalBytes)} in ${formatDuration(s.totalTime)}`),
    row('Average speed', formatRate(s.averageSpeed)),
    row('Today', `${files(s.todayFiles)}, ${formatBytes(s.todayBytes)}`),
    row('This session', `${files(s.sessionFiles)}, ${formatBytes(s.sessionBytes)}`),
    row('Now', formatRate(s.speed)),
    row('Downloads', states.map(([status, count]) => `${count} ${clean(status)}`).join(', ') || 'none'),
    '',
    'Last seven days',
    ...s.week.map((day) => `  ${clean(day.date)}  ${files(day.files).padStart(12)}  ${formatBytes(day.bytes)}`),
    ...section('Hosts, by bytes', Object.entries(s.topDomains ?? {}), formatBytes),
    ...section('Types, by files', Object.entries(s.fileTypeStats ?? {}), String),
  ]
}

function row(label: string, value: string): string {
  return `${`${label}:`.padEnd(15)} ${value}`
}

function files(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`
}

/** The ten largest. */
function section(heading: string, entries: Array<[name: string, value: number]>, shown: (value: number) => string) {
  if (entries.length === 0) return []
  const top = entries.sort(([, a], [, b]) => b - a).slice(0, 10)
  return ['', heading, ...top.map(([name, value]) => `  ${shown(value).padStart(12)}  ${clean(name)}`)]
}
