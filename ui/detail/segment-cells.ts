import type { DownloadDetail } from '../../src/server/api-types.ts'

/** What a map of a file is drawn from. Offsets in bytes; `total` null while the size is unknown. */
export interface MapSource {
  readonly total: number | null
  readonly segments: DownloadDetail['segments']
  readonly connections: DownloadDetail['connectionDetails']
}

/** An equal share of the file. Parts are 0 to 1 of the cell. */
export interface Cell {
  readonly here: number
  /** On its way: in a range that a connection has taken and not yet fetched. */
  readonly coming: number
  /** Number (from 1) of the connection that writes in this cell now; the first one of several. */
  readonly writer: number | null
}

/** The file cut into `count` equal cells, in order. Without a size it ends where the last known range does. */
export function segmentCells({ total, segments, connections }: MapSource, count: number): Cell[] {
  const extent = extentOf({ total, segments, connections })
  if (extent <= 0 || count <= 0) return []
  const size = extent / count
  const here = new Float64Array(count)
  const coming = new Float64Array(count)
  const writers = Array.from({ length: count }, (): number | null => null)

  for (const { start, end, done, active } of segments) {
    const reached = Math.min(start + done, extent)
    spread(here, start, reached, size)
    if (active) spread(coming, reached, Math.min(end ?? extent, extent), size)
  }
  for (const [index, { position }] of connections.entries()) {
    const cell = Math.min(count - 1, Math.floor(position / size))
    writers[cell] ??= index + 1
  }
  return Array.from({ length: count }, (_, index) => ({
    here: Math.min(1, (here[index] ?? 0) / size),
    coming: Math.min(1, (coming[index] ?? 0) / size),
    writer: writers[index] ?? null,
  }))
}

export interface MapFigures {
  readonly bytesHere: number
  /** Runs of bytes that are here with a gap between them. */
  readonly pieces: number
}

/** What the map says, in numbers, for those who do not see it. */
export function mapFigures(segments: MapSource['segments']): MapFigures {
  let bytesHere = 0
  let pieces = 0
  let last = -1
  for (const { start, done } of [...segments].sort((a, b) => a.start - b.start)) {
    if (done <= 0) continue
    bytesHere += done
    if (start > last) pieces++
    last = Math.max(last, start + done)
  }
  return { bytesHere, pieces }
}

/** Adds the bytes from `start` to `end` to the cells that they lie in. */
function spread(cells: Float64Array, start: number, end: number, size: number): void {
  const last = Math.min(cells.length, Math.ceil(end / size))
  for (let index = Math.max(0, Math.floor(start / size)); index < last; index++) {
    const overlap = Math.min(end, (index + 1) * size) - Math.max(start, index * size)
    cells[index] = (cells[index] ?? 0) + Math.max(0, overlap)
  }
}

function extentOf({ total, segments }: MapSource): number {
  return total ?? segments.reduce((most, { start, end, done }) => Math.max(most, end ?? start + done), 0)
}
