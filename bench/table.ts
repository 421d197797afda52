import { median } from './pairs.ts'
import type { Results, RowResult, Section, Setting } from './results.ts'
import { formatFigure, judge, ratioCell } from './verdicts.ts'

/** RESULTS.md as a function of results.json. `order` names the rows in the order of the table. */
export function document(results: Results, order: readonly string[]): string {
  const rows = order.flatMap((id) => results[id] ?? [])
  const settings = [...new Set(rows.map((row) => settingText(row.setting)))]
  return `# Speed and memory

Made by \`npm run bench\`; not to be edited. All contenders run in turn on the same machine against the same nginx on
loopback, each in an empty folder, with a \`sync\` between runs, each round beginning with another one. A ratio is
Sluice's figure divided by the peer's: the median over rounds of the ratio within a round. Below 1 Sluice is better.
Every run's result is checked. The server works on the same cores and takes its share of them.

${grid(['', 'Work', 'Target', 'Measured', 'Met'], rows.flatMap(summaryLines))}

${settings.map((text, index) => `${settings.length > 1 ? `Setting ${index + 1}: ` : ''}${text}`).join('\n\n')}

${rows.map((row) => rowText(row, settings)).join('\n')}`
}

/** One row of the table with all that was measured for it, in Markdown that reads well in a terminal. */
export function rowText(row: RowResult, settings: readonly string[] = []): string {
  const place = settings.length > 1 ? `, setting ${settings.indexOf(settingText(row.setting)) + 1}` : ''
  const facts = `${row.date}, Sluice ${row.sluice}, cores busy with other work just before: ${Math.round(row.busy * 100)} %${place}.`
  return `## ${row.id}: ${row.title}

${[facts, ...row.notes].join('\n')}

${row.sections.map(sectionText).join('\n')}`
}

function sectionText(section: Section): string {
  const head = [
    '',
    'Median',
    'Lowest',
    'Highest',
    'Rounds',
    'Ratio',
    ...(section.beside === undefined ? [] : ['Ratio without fsync']),
  ]
  const lines = section.series.map((series) => {
    const { samples, problem } = series
    if (problem !== undefined) return [series.name, ...head.slice(1).map(() => '-')]
    const figures = [median(samples), Math.min(...samples), Math.max(...samples)].map((value) =>
      formatFigure(section, value),
    )
    const ratios = [section.ours, ...(section.beside === undefined ? [] : [section.beside])]
    return [series.name, ...figures, String(samples.length), ...ratios.map((name) => ratioCell(section, name, series))]
  })
  const problems = section.series.flatMap(({ name, problem }) =>
    problem === undefined ? [] : [`\n${name}: ${problem}\n`],
  )
  return `${section.title}:\n\n${grid(head, lines)}\n${problems.join('')}`
}

function summaryLines(row: RowResult): string[][] {
  return row.sections.flatMap((section) =>
    judge(section).map(({ target, measured, isMet }) => [
      row.id,
      section.title,
      target,
      measured,
      isMet ? 'yes' : '**no**',
    ]),
  )
}

function settingText(setting: Setting): string {
  const machine = `${setting.cores} cores of ${setting.cpu}, ${setting.memory} of memory, Linux ${setting.kernel}, runs on ${setting.filesystem}.`
  return `${machine}\n${Object.entries(setting.versions)
    .map(([tool, version]) => `${tool} ${version}`)
    .join(', ')}.`
}

/** A Markdown table with columns of even width. Short lines are filled up. */
function grid(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const escaped = lines.map((line) => head.map((_, column) => (line[column] ?? '').replaceAll('|', '\\|')))
  const widths = head.map((name, column) =>
    Math.max(3, name.length, ...escaped.map((line) => line[column]?.length ?? 0)),
  )
  const text = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [text(head), text(widths.map((width) => '-'.repeat(width))), ...escaped.map(text)].join('\n')
}
