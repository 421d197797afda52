import type { Palette } from './canvas-theme.ts'
import { cellPlace } from './map-grid.ts'
import type { MapGrid } from './map-grid.ts'
import type { Cell } from './segment-cells.ts'

export interface MapLook {
  readonly palette: Palette
  readonly rightToLeft: boolean
  /** A digest matched: what is here was checked too. */
  readonly verified: boolean
  readonly font: string
  readonly writeNumber: (n: number) => string
}

/** Draws the map in CSS pixels; the canvas is scaled by its owner. */
export function drawMap(canvas: CanvasRenderingContext2D, grid: MapGrid, cells: readonly Cell[], look: MapLook): void {
  canvas.clearRect(0, 0, grid.columns * grid.pitch, grid.height)
  canvas.textAlign = 'center'
  canvas.textBaseline = 'middle'
  canvas.font = look.font
  for (const [index, cell] of cells.entries()) {
    const { x, y } = cellPlace(grid, index, look.rightToLeft)
    drawCell(canvas, grid.cell, x, y, cell, look)
  }
}

function drawCell(
  canvas: CanvasRenderingContext2D,
  size: number,
  x: number,
  y: number,
  { here, coming, writer }: Cell,
  { palette, rightToLeft, verified, writeNumber }: MapLook,
): void {
  const part = (from: number, width: number, token: string): void => {
    canvas.fillStyle = palette(token)
    canvas.fillRect(rightToLeft ? x + size - from - width : x + from, y, width, size)
  }
  canvas.save()
  canvas.beginPath()
  canvas.roundRect(x, y, size, size, 2)
  canvas.clip()
  part(0, size, '--track')
  if (coming > 0) {
    canvas.globalAlpha = 0.4
    part(0, size * Math.min(1, here + coming), '--fetching')
    canvas.globalAlpha = 1
  }
  if (here > 0) part(0, size * here, verified ? '--good' : '--accent')
  // With forced colours what is not here has the colour of the ground.
  if (palette('--track') === palette('--surface')) {
    canvas.strokeStyle = palette('--line-strong')
    canvas.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1)
  }
  canvas.restore()
  if (writer === null) return
  canvas.fillStyle = palette('--accent-strong')
  canvas.beginPath()
  canvas.roundRect(x, y, size, size, 2)
  canvas.fill()
  canvas.fillStyle = palette('--on-accent')
  canvas.fillText(writeNumber(writer), x + size / 2, y + size / 2 + 0.5)
}
