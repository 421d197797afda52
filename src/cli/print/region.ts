import type { Output } from './output.ts'

const hideCursor = '\x1b[?25l'
const showCursor = '\x1b[?25h'

/** Lines at the bottom of a terminal that are drawn again and again in the same place. */
export interface Region {
  /** Replaces the lines; none may be wider than the terminal, and there may be no more than it has rows, less one. */
  draw(lines: readonly string[]): void
  /** Leaves the lines where they are and gives the cursor back. */
  end(): void
}

export function createRegion(out: Output): Region {
  let drawn = 0
  let hidden = false
  const end = (): void => {
    process.removeListener('exit', end)
    if (hidden) out.raw(showCursor)
    hidden = false
  }
  // A terminal without a cursor must not be left behind, whatever ends the process.
  process.once('exit', end)
  return {
    draw(lines) {
      const up = drawn === 0 ? '' : `\x1b[${drawn}A`
      out.raw(`${hidden ? '' : hideCursor}${up}\r\x1b[J${lines.map((line) => `${line}\n`).join('')}`)
      hidden = true
      drawn = lines.length
    },
    end,
  }
}
