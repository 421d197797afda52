import type { RunState } from '../run-state.ts'
import { fileLine, totalLine } from './layout.ts'
import type { Output } from './output.ts'

/** Milliseconds between two pictures. */
const frameMs = 100
const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'

export interface LiveScreen {
  /** A line that stays, above the moving ones; shown with the next picture. */
  line(text: string): void
  /** Clears the moving lines, shows what is left and gives the cursor back. */
  stop(): void
}

export interface LiveOptions {
  readonly out: Output
  readonly state: RunState
  /** Asked for every picture, because windows change their size. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Keeps one moving line for each running file, and a total for several, at the bottom of a terminal. */
export function createLiveScreen({ out, state, size, now }: LiveOptions): LiveScreen {
  let waiting = ''
  let drawn = 0

  /** From the line below the block to its first line, clearing as it goes. */
  const erase = (): string => (drawn === 0 ? '' : `\x1b[${drawn}A\r\x1b[J`)

  const draw = (): void => {
    const lines = picture(state, size(), now())
    const hide = drawn === 0 && lines.length > 0 ? hideCursor : ''
    if (waiting === '' && lines.length === 0 && drawn === 0) return
    out.raw(`${hide}${erase()}${waiting}${lines.map((line) => `${line}\n`).join('')}`)
    waiting = ''
    drawn = lines.length
  }

  const restore = (): void => {
    process.removeListener('exit', restore)
    clearInterval(timer)
    out.raw(`${erase()}${waiting}${showCursor}`)
    waiting = ''
    drawn = 0
  }

  const timer = setInterval(draw, frameMs)
  timer.unref()
  // A terminal without a cursor must not be left behind, whatever ends the process.
  process.once('exit', restore)

  return {
    line(text) {
      waiting += `${text}\n`
    },
    stop: restore,
  }
}

/** The moving lines. One column stays free, as some terminals wrap when the last one is written. */
function picture(state: RunState, size: { columns: number; rows: number }, now: number): string[] {
  const columns = Math.max(10, size.columns - 1)
  const several = state.files > 1
  const room = Math.max(1, size.rows - (several ? 2 : 1))
  const lines: string[] = []
  for (const file of state.running.values()) {
    if (lines.length >= room) break
    lines.push(fileLine(file, columns, now))
  }
  if (several && state.running.size > 0) lines.push(totalLine(state, columns))
  return lines
}
