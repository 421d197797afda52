import type { ReleaseOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import type { Release, ReleaseAsset } from '../../core/release.ts'
import { formatBytes } from '../../core/units.ts'
import type { ChosenAsset, KnownDigest } from '../../libraries/find-asset.ts'
import type { Screen } from './choose.ts'
import { clean, cleanJson } from './clean.ts'
import { tableLines } from './table.ts'
import type { TableColumn } from './table.ts'

const columns: ReadonlyArray<TableColumn<ReleaseAsset>> = [
  { title: 'SIZE', rank: 5, right: true, text: ({ size }) => formatBytes(size) },
  { title: 'SHA256', rank: 3, text: ({ sha256 }) => sha256?.slice(0, 12) ?? '' },
  {
    title: 'NAME',
    rank: 9,
    text: ({ name, uploaded }) => (uploaded ? clean(name) : `${clean(name)} (being uploaded)`),
  },
]

/** Files of a release: for people as a table, or a JSON line each. */
export function printAssets(
  settings: Settings<ReleaseOption>,
  { out, err, outIsTerminal, size }: Screen,
  release: Release,
  assets: readonly ReleaseAsset[],
): void {
  const { repository, tag, publishedAt } = release
  if (settings.flag('json')) {
    for (const asset of assets) out.line(cleanJson({ type: 'asset', repository, tag, ...asset }))
    return
  }
  const date = publishedAt === null ? '' : `, published ${publishedAt.slice(0, 10)}`
  if (!settings.flag('quiet'))
    err.line(
      `${clean(repository)} ${clean(tag)}${clean(date)}: ${assets.length} ${assets.length === 1 ? 'file' : 'files'}`,
    )
  if (assets.length > 0)
    tableLines(columns, assets, outIsTerminal ? size().columns : Infinity).forEach((line) => out.line(line))
}

/** What a dry run found. */
export function printChoice(
  settings: Settings<ReleaseOption>,
  { out }: Screen,
  { release, asset, why, digest }: ChosenAsset & { readonly release: Release; readonly digest: KnownDigest },
): void {
  const { repository, tag } = release
  if (settings.flag('json')) {
    out.line(cleanJson({ type: 'start', dryRun: true, repository, tag, ...asset, ...digest, why }))
    return
  }
  const rows = [
    ['release', `${repository} ${tag}`],
    ['size', formatBytes(asset.size)],
    ['url', asset.url],
    ['sha256', digest.sha256 ?? 'not known'],
    ...why.map((sentence) => ['why', sentence]),
  ]
  out.line(clean(asset.name))
  for (const [label = '', text = ''] of rows) out.line(`  ${`${label}:`.padEnd(9)}${clean(text)}`)
}
