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
  /** A line for stdout, which is the same terminal. */
  data(text: string): void
  /** Clears the moving lines, shows what is left and gives the cursor back; lines then come out at once. */
  stop(): void
}

export interface LiveOptions {
  readonly out: Output
  readonly err: Output
  readonly state: RunState
  /** Asked for every picture, because windows change their size. */
  readonly size: () => { readonly columns: number; readonly rows: number }
  /** Milliseconds, monotonic. */
  readonly now: () => number
}

/** Keeps one moving line for each running file, and a total for several, at the bottom of a terminal. */
export function createLiveScreen({ out, err, state, size, now }: LiveOptions): LiveScreen {
  let messages = ''
  let data = ''
  let drawn = 0
  let stopped = false

  /** Replaces the moving lines by these, below all that waits. */
  const show = (block: string, lines: number): void => {
    // From the line below the block to its first line, clearing as it goes.
    const erase = drawn === 0 ? '' : `\x1b[${drawn}A\r\x1b[J`
    if (data !== '') {
      err.raw(erase + messages)
      out.raw(data)
      err.raw(block)
    } else if (erase + messages + block !== '') {
      err.raw(erase + messages + block)
    }
    messages = ''
    data = ''
    drawn = lines
  }

  const draw = (): void => {
    const lines = picture(state, size(), now())
    const hide = drawn === 0 && lines.length > 0 ? hideCursor : ''
    show(hide + lines.map((line) => `${line}\n`).join(''), lines.length)
  }

  const stop = (): void => {
    stopped = true
    process.removeListener('exit', stop)
    clearInterval(timer)
    show(showCursor, 0)
  }

  const timer = setInterval(draw, frameMs)
  timer.unref()
  // A terminal without a cursor must not be left behind, whatever ends the process.
  process.once('exit', stop)

  return {
    line(text) {
      if (stopped) err.line(text)
      else messages += `${text}\n`
    },
    data(text) {
      data += `${text}\n`
    },
    stop,
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
