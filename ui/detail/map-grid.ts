/** Where cells lie, in CSS pixels. */
export interface MapGrid {
  readonly columns: number
  readonly rows: number
  /** From one cell to the next. */
  readonly pitch: number
  /** Side of a cell. */
  readonly cell: number
  readonly height: number
}

const wantedPitch = 15
const gap = 2
const rows = 8

/** Square cells that fill the width exactly, in few enough rows to be taken in at one look. */
export function mapGrid(width: number): MapGrid {
  const columns = Math.max(1, Math.floor((width + gap) / wantedPitch))
  const pitch = (width + gap) / columns
  return { columns, rows, pitch, cell: pitch - gap, height: rows * pitch - gap }
}

/** The corner of a cell nearest to the origin of the canvas; right to left, the file begins at the right. */
export function cellPlace(grid: MapGrid, index: number, rightToLeft: boolean): { x: number; y: number } {
  const column = index % grid.columns
  const x = rightToLeft ? grid.columns - 1 - column : column
  return { x: x * grid.pitch, y: Math.floor(index / grid.columns) * grid.pitch }
}
