import { formatBytes, formatDuration, formatRate } from '../../core/units.ts'
import type { RunState } from '../run-state.ts'
import { labelOf } from './words.ts'

const everyMs = 10_000
/** More files than these are told in one line. */
const mostFiles = 4

/** Tells every ten seconds how far the files are, for logs and pipes. Returns what stops it. */
export function startTicker(line: (text: string) => void, state: RunState): () => void {
  const timer = setInterval(() => progressLines(state).forEach(line), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** The lines of one such moment. */
export function progressLines(state: RunState): string[] {
  const running = [...state.running.values()]
  const speed = running.reduce((sum, file) => sum + file.speed, 0)
  if (running.length > mostFiles) {
    const bytes = running.reduce((sum, file) => sum + file.bytesDone, state.bytes)
    return [`${state.completed} done, ${running.length} running: ${formatBytes(bytes)}, ${formatRate(speed)}`]
  }
  return running
    .filter((file) => file.path !== undefined)
    .map((file) => {
      const total = file.bytesTotal === null ? '?' : formatBytes(file.bytesTotal)
      const left = file.eta === null ? '' : `, ${formatDuration(file.eta)} left`
      return `${labelOf(file.title, file.path ?? '')}: ${formatBytes(file.bytesDone)} / ${total}, ${formatRate(file.speed)}${left}`
    })
}
