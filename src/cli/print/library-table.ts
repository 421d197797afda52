import { showTarget } from '../../core/llama-target.ts'
import { formatBytes } from '../../core/units.ts'
import type { CachedTree } from '../../libraries/types.ts'
import { clean } from './clean.ts'
import type { TableColumn } from './table.ts'

export const libraryColumns: ReadonlyArray<TableColumn<CachedTree>> = [
  { title: 'VERSION', rank: 9, text: ({ tag }) => clean(tag) },
  { title: 'PLATFORM', rank: 8, text: ({ platform }) => showTarget(platform) },
  { title: 'VARIANT', rank: 7, text: ({ variant }) => clean(variant) },
  { title: 'SIZE', rank: 6, right: true, text: ({ bytes }) => formatBytes(bytes) },
  { title: 'CHECKED BY', rank: 2, text: ({ verifiedBy }) => verifiedBy ?? 'nobody' },
  { title: 'SHA256', rank: 1, text: ({ sha256 }) => sha256.slice(0, 12) },
  { title: 'LIBRARY', rank: 5, text: ({ libraryPath }) => clean(libraryPath) },
]
