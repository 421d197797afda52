import type { Output } from './output.ts'
import type { Printer } from './printer.ts'
import { clean } from './clean.ts'
import { previewLines } from './words.ts'

/** The final path of each finished file alone on a line. `safe` cleans it for a terminal; scripts get it as it is. */
export function createPathPrinter(out: Output, safe: boolean): Printer {
  return {
    event(_index, event) {
      if (event.type === 'completed') out.line(safe ? clean(event.path) : event.path)
    },
    preview(preview) {
      for (const line of previewLines(preview)) out.line(line)
    },
    finish() {},
  }
}
