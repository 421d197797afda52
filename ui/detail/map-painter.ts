import { onThemeChange, readPalette } from './canvas-theme.ts'
import { drawMap } from './draw-map.ts'
import { mapGrid } from './map-grid.ts'
import type { MapView } from './map-summary.ts'
import { segmentCells } from './segment-cells.ts'
import type { Cell } from './segment-cells.ts'

export interface MapPainter {
  show(view: MapView): void
  close(): void
}

export interface MapPainterOptions {
  readonly rightToLeft: boolean
  readonly writeNumber: (n: number) => string
}

/** ms in which cells go over to what they became; numbers come once a second. */
const easing = 400

const free: Cell = { here: 0, coming: 0, writer: null }

/** Keeps a canvas drawn: sharp at every pixel ratio, anew when its width or the theme changes. */
export function createMapPainter(canvas: HTMLCanvasElement, options: MapPainterOptions): MapPainter {
  const context = canvas.getContext('2d')
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  let palette = readPalette(canvas)
  let grid = mapGrid(canvas.clientWidth)
  let view: MapView | null = null
  let [from, to]: [readonly Cell[], readonly Cell[]] = [[], []]
  let since = 0
  let frame = 0

  function paint(now: number): void {
    if (context === null) return
    const part = still.matches ? 1 : Math.min(1, Math.max(0, (now - since) / easing))
    const ratio = devicePixelRatio
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    drawMap(context, grid, between(from, to, part), {
      palette,
      verified: view?.verified ?? false,
      font: `600 ${Math.round(grid.cell * 0.72)}px ${getComputedStyle(canvas).fontFamily}`,
      ...options,
    })
    frame = part < 1 ? requestAnimationFrame(paint) : 0
  }

  function paintNow(): void {
    cancelAnimationFrame(frame)
    paint(performance.now())
  }

  function fit(): void {
    grid = mapGrid(canvas.clientWidth)
    canvas.style.blockSize = `${grid.height}px`
    canvas.width = Math.round(canvas.clientWidth * devicePixelRatio)
    canvas.height = Math.round(grid.height * devicePixelRatio)
    if (view !== null) to = cellsOf(view)
    from = to
    paintNow()
  }

  function cellsOf(source: MapView): readonly Cell[] {
    const count = grid.columns * grid.rows
    const cells = segmentCells(source, count)
    return cells.length > 0 ? cells : Array.from({ length: count }, () => free)
  }

  const observer = new ResizeObserver(fit)
  observer.observe(canvas)
  const endTheme = onThemeChange(() => {
    palette = readPalette(canvas)
    paintNow()
  })
  return {
    show(next) {
      view = next
      from = to
      to = cellsOf(next)
      since = performance.now()
      paintNow()
    },
    close() {
      observer.disconnect()
      endTheme()
      cancelAnimationFrame(frame)
    },
  }
}

/** Cells on the way from what they were to what they are; bytes that were lost go at once. */
function between(from: readonly Cell[], to: readonly Cell[], part: number): readonly Cell[] {
  if (part >= 1 || from.length !== to.length) return to
  return to.map((cell, index) => {
    const before = from[index]?.here ?? 0
    return before < cell.here ? { ...cell, here: before + (cell.here - before) * part } : cell
  })
}
