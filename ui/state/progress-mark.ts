import type { Download } from '../../src/server/api-types.ts'

/** What the tab of the browser tells about all active downloads together. */
export interface ProgressMark {
  readonly active: number
  /** 0 to 1; null where no size is known. */
  readonly part: number | null
}

export function progressMark(downloads: Iterable<Pick<Download, 'status' | 'bytesDone' | 'bytesTotal'>>): ProgressMark {
  let [active, done, total] = [0, 0, 0]
  for (const { status, bytesDone, bytesTotal } of downloads) {
    if (status !== 'active') continue
    active++
    if (bytesTotal === null || bytesTotal <= 0) continue
    done += Math.min(bytesDone, bytesTotal)
    total += bytesTotal
  }
  return { active, part: total === 0 ? null : done / total }
}

const radius = 12
const around = 2 * Math.PI * radius

/** A ring that fills, as an address for `<link rel="icon">`. Legible on light and dark tabs. */
export function iconOf(part: number): string {
  const arc = (Math.min(1, Math.max(0, part)) * around).toFixed(1)
  const circle = `cx='16' cy='16' r='${radius}' fill='none' stroke-width='6'`
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><circle ${circle} stroke='#8a93a3' stroke-opacity='.45'/>` +
    `<circle ${circle} stroke='#2f74d0' stroke-dasharray='${arc} ${around.toFixed(1)}' transform='rotate(-90 16 16)'/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
