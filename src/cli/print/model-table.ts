import { formatBytes } from '../../core/units.ts'
import type { InstalledModel } from '../../models/types.ts'
import { clean } from './clean.ts'
import { localTime } from './local-time.ts'
import type { TableColumn } from './table.ts'

/** Installed models for people, one a line. */
export const modelColumns: ReadonlyArray<TableColumn<InstalledModel>> = [
  { title: 'ID', rank: 2, text: ({ id }) => id.slice(0, 12) },
  { title: 'SIZE', rank: 5, right: true, text: ({ size }) => formatBytes(size) },
  { title: 'PARAMETERS', rank: 1, right: true, text: ({ parameters }) => clean(parameters ?? '') },
  { title: 'QUANTIZATION', rank: 0, text: ({ quantization }) => clean(quantization ?? '') },
  {
    title: 'STATE',
    rank: 4,
    text: ({ missing }) => {
      if (missing.length === 0) return 'complete'
      return missing.length === 1 ? '1 blob missing' : `${missing.length} blobs missing`
    },
  },
  { title: 'MODIFIED', rank: 3, text: ({ modifiedAt }) => localTime(modifiedAt) },
  { title: 'NAME', rank: 9, text: ({ name }) => clean(name) },
]
