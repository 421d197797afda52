import type { Settings } from '../../config/resolve.ts'
import { showPlatform } from '../../core/platform.ts'
import { formatBytes } from '../../core/units.ts'
import type { PullPreview } from '../../models/types.ts'
import type { Screen } from './choose.ts'
import { clean, cleanJson } from './clean.ts'
import { tableLines } from './table.ts'
import type { TableColumn } from './table.ts'

type PreviewFile = PullPreview['files'][number]

const columns: ReadonlyArray<TableColumn<PreviewFile>> = [
  { title: 'SIZE', rank: 5, right: true, text: ({ bytesTotal }) => formatBytes(bytesTotal) },
  { title: 'HERE', rank: 4, right: true, text: ({ bytesDone }) => (bytesDone === 0 ? '' : formatBytes(bytesDone)) },
  { title: 'BLOB', rank: 3, text: ({ title }) => clean(title) },
  { title: 'URL', rank: 9, text: ({ url }) => clean(url) },
]

/** What a dry run of a pull found: for people on stdout, or as one JSON line. */
export function printPullPreview(settings: Settings, { out, outIsTerminal, size }: Screen, preview: PullPreview): void {
  if (settings.flag('json')) {
    out.line(cleanJson({ type: 'start', dryRun: true, ...preview }))
    return
  }
  const { name, platform, bytesTotal, bytesHere, bytesMissing, freeSpace, target, files } = preview
  const rows = [
    ['total', formatBytes(bytesTotal)],
    ['here already', formatBytes(bytesHere)],
    ['missing', formatBytes(bytesMissing)],
    ['free space', freeSpace === null ? 'unknown' : formatBytes(freeSpace)],
    ['target', target.kind === 'zip' ? target.path : target.dir],
    ...(platform === null ? [] : [['platform', showPlatform(platform)]]),
  ]
  out.line(clean(name))
  for (const [label = '', value = ''] of rows) out.line(`  ${`${label}:`.padEnd(14)}${clean(value)}`)
  if (freeSpace !== null && bytesMissing > freeSpace) out.line('  There is not enough free space.')
  for (const line of tableLines(columns, files, outIsTerminal ? size().columns : Infinity)) out.line(`  ${line}`)
}
