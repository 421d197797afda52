import UPlot from 'uplot'
import type uPlot from 'uplot'
import { onThemeChange, readPalette } from './canvas-theme.ts'
import type { Palette } from './canvas-theme.ts'

/** A mark of an axis with its words. */
export interface AxisMark {
  readonly at: number
  readonly text: string
}

export interface ChartSeries {
  /** One for each place of `x`; null is a gap. */
  readonly values: ReadonlyArray<number | null>
  /** Name of the custom property of its colour; default the accent. */
  readonly colour?: string
  readonly kind?: 'area' | 'line' | 'bars'
}

/** A level that values keep below. */
export interface ChartCap {
  readonly value: number
  readonly text: string
}

export interface ChartData {
  /** Ascending. */
  readonly x: readonly number[]
  readonly from: number
  readonly to: number
  readonly xMarks: readonly AxisMark[]
  /** From the lowest to the highest: the axis reaches from the first to the last. */
  readonly yMarks: readonly AxisMark[]
  readonly series: readonly ChartSeries[]
  readonly cap?: ChartCap | null
  /** The words for a place that is pointed at; without it nothing is shown. */
  readonly describe?: (index: number) => string
}

export interface ChartOptions {
  readonly height: number
  readonly rightToLeft: boolean
  readonly data: ChartData
  /** Words of what is pointed at, '' for nothing. */
  readonly onPoint: (text: string) => void
}

export interface Chart {
  /** The number and the kinds of the series stay as they were. */
  show(data: ChartData): void
  close(): void
}

const fontSize = 11

/** uPlot in our clothes. It draws at the width of its place, and anew when that or the theme changes. */
export function createChart(place: HTMLElement, { height, rightToLeft, data, onPoint }: ChartOptions): Chart {
  let now = data
  let palette = readPalette(place)
  const font = `${fontSize}px ${getComputedStyle(place).fontFamily}`
  const colour = (token: string) => () => palette(token)
  const axis = (marks: () => readonly AxisMark[]): uPlot.Axis => ({
    font,
    stroke: colour('--text-2'),
    splits: () => marks().map(({ at }) => at),
    values: () => marks().map(({ text }) => text),
    ticks: { show: false },
    border: { show: false },
  })
  const plot = new UPlot(
    {
      width: Math.max(1, place.clientWidth),
      height,
      padding: rightToLeft ? [fontSize, 0, 0, 20] : [fontSize, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, dir: rightToLeft ? -1 : 1, range: () => [now.from, now.to] },
        y: { range: () => [now.yMarks[0]?.at ?? 0, now.yMarks.at(-1)?.at ?? 1] },
      },
      axes: [
        { ...axis(() => now.xMarks), grid: { show: false }, size: fontSize + 12, gap: 6 },
        {
          ...axis(() => now.yMarks),
          side: rightToLeft ? 1 : 3,
          grid: { stroke: colour('--line'), width: 1 },
          size: (self) => widest(self, font, now.yMarks) + 8,
          gap: 6,
        },
      ],
      series: [{}, ...data.series.map((one) => seriesOf(one, () => palette))],
      hooks: {
        draw: [(self) => drawCap(self, now.cap ?? null, palette, font, rightToLeft)],
        setCursor: [({ cursor }) => onPoint(typeof cursor.idx === 'number' ? (now.describe?.(cursor.idx) ?? '') : '')],
      },
    },
    columns(data),
    place,
  )
  const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(1, place.clientWidth), height }))
  observer.observe(place)
  const endTheme = onThemeChange(() => {
    palette = readPalette(place)
    plot.redraw(true, true)
  })
  return {
    show(next) {
      now = next
      plot.setData(columns(next))
    },
    close() {
      observer.disconnect()
      endTheme()
      plot.destroy()
    },
  }
}

function columns({ x, series }: ChartData): uPlot.AlignedData {
  return [[...x], ...series.map(({ values }) => [...values])]
}

function seriesOf({ colour = '--accent', kind = 'area' }: ChartSeries, palette: () => Palette): uPlot.Series {
  const full = (): string => palette()(colour)
  const bars = kind === 'bars' ? UPlot.paths.bars?.({ size: [0.6, 48], radius: 0.15 }) : undefined
  return {
    stroke: full,
    width: kind === 'bars' ? 0 : 1.5,
    points: { show: false },
    ...(kind === 'line' ? {} : { fill: () => (kind === 'bars' ? full() : faint(full())) }),
    ...(bars === undefined ? {} : { paths: bars }),
  }
}

function faint(colour: string): string {
  return `color-mix(in oklab, ${colour} 14%, transparent)`
}

/** CSS pixels that the marks need. */
function widest({ ctx }: uPlot, font: string, marks: readonly AxisMark[]): number {
  ctx.save()
  ctx.font = font
  const width = marks.reduce((most, { text }) => Math.max(most, ctx.measureText(text).width), 0)
  ctx.restore()
  return Math.ceil(width)
}

function drawCap(self: uPlot, cap: ChartCap | null, palette: Palette, font: string, rightToLeft: boolean): void {
  const { ctx, bbox } = self
  const top = self.scales['y']?.max ?? 0
  if (cap === null || cap.value > top) return
  const ratio = UPlot.pxRatio
  const y = Math.round(self.valToPos(cap.value, 'y', true))
  ctx.save()
  ctx.strokeStyle = palette('--warning')
  ctx.lineWidth = ratio
  ctx.setLineDash([4 * ratio, 3 * ratio])
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.fillStyle = palette('--warning')
  ctx.font = font.replace(/^[\d.]+/, (size) => String(Number(size) * ratio))
  ctx.textAlign = rightToLeft ? 'right' : 'left'
  const above = y - bbox.top > 16 * ratio
  ctx.textBaseline = above ? 'bottom' : 'top'
  const x = rightToLeft ? bbox.left + bbox.width - 4 * ratio : bbox.left + 4 * ratio
  ctx.fillText(cap.text, x, y + (above ? -2 : 3) * ratio)
  ctx.restore()
}
