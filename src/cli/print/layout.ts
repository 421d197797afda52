import { formatBytes, formatRate } from '../../core/units.ts'
import type { RunningFile, RunState } from '../run-state.ts'
import { columnsOf, ellipsis, padded } from './width.ts'
import { labelOf } from './words.ts'

/** A part of a progress line; those of the lowest rank go first when the terminal is narrow. */
interface Part {
  readonly text: string
  readonly columns: number
  readonly rank: number
}

const leastName = 8
const mostName = 40

/** One line for a running file, at most `columns` wide; `now` in ms on the clock of `retryAt`. */
export function fileLine(file: RunningFile, columns: number, now: number): string {
  const name = labelOf(file.title, file.path ?? file.reference)
  if (file.retryAt !== undefined) return named(name, [waiting(file.retryAt - now)], columns)
  if (file.path === undefined) return named(name, [{ text: 'connecting', columns: 10, rank: 9 }], columns)
  const { bytesDone, bytesTotal, speed, eta, connections } = file
  return named(
    name,
    [
      percent(bytesDone, bytesTotal),
      amount(bytesDone, bytesTotal),
      { text: formatRate(speed), columns: 13, rank: 3 },
      { text: eta === null ? '' : clock(eta), columns: 8, rank: 2 },
      { text: connections > 1 ? `${connections}x` : '', columns: 3, rank: 0 },
    ],
    columns,
  )
}

/** The line below the files of a run of several. */
export function totalLine(state: RunState, columns: number): string {
  const running = [...state.running.values()]
  const speed = running.reduce((sum, file) => sum + file.speed, 0)
  const bytes = running.reduce((sum, file) => sum + file.bytesDone, state.bytes)
  const failed = state.failed === 0 ? '' : `, ${state.failed} failed`
  const eta = state.allStarted ? timeForAll(running, speed) : null
  const parts = [
    { text: formatBytes(bytes), columns: 11, rank: 1 },
    { text: formatRate(speed), columns: 13, rank: 3 },
    { text: eta === null ? '' : clock(eta), columns: 8, rank: 0 },
  ]
  // The running files stand above; how many matters only where some have no line.
  const beside = columns < 60 ? '' : `, ${running.length} running`
  return named(`${state.completed} done${failed}${beside}`, parts, columns, mostName)
}

/** Seconds as 0:07, 12:05, 1:02:03, 4d 05h. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.ceil(seconds))
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  if (s < 3600) return `${Math.floor(s / 60)}:${two(s % 60)}`
  if (s < 86_400) return `${Math.floor(s / 3600)}:${two((s % 3600) / 60)}:${two(s % 60)}`
  const days = Math.floor(s / 86_400)
  return days > 99 ? '>99d' : `${days}d ${two((s % 86_400) / 3600)}h`
}

function timeForAll(running: readonly RunningFile[], speed: number): number | null {
  if (speed < 1 || running.some((file) => file.bytesTotal === null)) return null
  return running.reduce((sum, file) => sum + (file.bytesTotal ?? 0) - file.bytesDone, 0) / speed
}

function percent(done: number, total: number | null): Part {
  // 100 % belongs to the finished file alone.
  const value = total === null || total === 0 ? '' : `${Math.min(99, Math.floor((done / total) * 100))}%`
  return { text: value, columns: 3, rank: total === null ? 0 : 4 }
}

function amount(done: number, total: number | null): Part {
  const text = `${formatBytes(done)} / ${total === null ? '?' : formatBytes(total)}`
  return { text, columns: total === null ? 14 : 24, rank: total === null ? 4 : 1 }
}

function waiting(ms: number): Part {
  const text = `next try in ${Math.max(0, Math.ceil(ms / 1000))} s`
  return { text, columns: text.length, rank: 9 }
}

/** Name on the left, the parts that fit in columns of a steady width on the right; the name keeps `least` columns. */
function named(name: string, parts: readonly Part[], columns: number, least = leastName): string {
  const wanted = Math.min(columnsOf(name), mostName)
  const shown = [...parts]
  const width = (): number => shown.reduce((sum, part) => sum + 2 + part.columns, 0)
  while (shown.length > 1 && width() + Math.min(wanted, least) > columns) {
    const lowest = Math.min(...shown.map((part) => part.rank))
    shown.splice(
      shown.findIndex((part) => part.rank === lowest),
      1,
    )
  }
  const room = Math.max(0, Math.min(mostName, columns - width()))
  const line =
    padded(ellipsis(name, room), room) + shown.map((part) => `  ${part.text.padStart(part.columns)}`).join('')
  return ellipsis(line.trimEnd(), columns)
}
