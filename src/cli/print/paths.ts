import type { Printer } from './printer.ts'
import { previewLines } from './words.ts'

/** The final path of each finished file, alone on a line; of a dry run what it found. */
export function createPathPrinter(line: (text: string) => void): Printer {
  return {
    event(_index, event) {
      if (event.type === 'completed') line(event.path)
    },
    preview(preview) {
      previewLines(preview).forEach(line)
    },
    finish() {},
  }
}
