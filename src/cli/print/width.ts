const ascii = /^[\x20-\x7e]*$/
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u
const emoji = /^\p{Emoji_Presentation}|\ufe0f/u

/** Code points that terminals show two columns wide: East Asian Width W and F (Unicode Annex 11), in blocks. */
const wideBlocks: ReadonlyArray<readonly [first: number, last: number]> = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18dff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
]

let segmenter: Intl.Segmenter | undefined

/** Columns that a text takes in a terminal; the text is `clean`. */
export function columnsOf(text: string): number {
  return ascii.test(text) ? text.length : graphemes(text).reduce((sum, one) => sum + graphemeColumns(one), 0)
}

/** Shortens to at most `columns` columns with an ellipsis in the middle, so that an extension stays readable. */
export function ellipsis(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text
  if (columns < 1) return ''
  const parts = graphemes(text)
  const room = columns - 1
  const head = takeColumns(parts, Math.ceil(room / 2))
  const tail = takeColumns(parts.reverse(), room - columnsOf(head.join('')))
  return `${head.join('')}…${tail.reverse().join('')}`
}

/** Fills with blanks on the right up to `columns` columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

function takeColumns(parts: readonly string[], columns: number): string[] {
  let used = 0
  const taken: string[] = []
  for (const part of parts) {
    used += graphemeColumns(part)
    if (used > columns) break
    taken.push(part)
  }
  return taken
}

function graphemes(text: string): string[] {
  if (ascii.test(text)) return [...text]
  // Made only when needed: its tables take 3 MB.
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function graphemeColumns(grapheme: string): number {
  const code = grapheme.codePointAt(0) ?? 0
  if (code < 0x300 && grapheme.length === 1) return 1
  if (zeroWidth.test(grapheme)) return 0
  return emoji.test(grapheme) || wideBlocks.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}
