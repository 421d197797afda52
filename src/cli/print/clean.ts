/* Control sequences of terminals (ECMA-48): CSI with its parameters, and strings (OSC, DCS ...) up to their end. */
const sequences =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]/g
const blanks = /[\t\n\v\f\r\x85\u2028\u2029]+/g
/* C0, DEL, C1, and the characters that reorder or hide text (bidi controls, tags). */
const unprintable =
  /[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu
const plain = /^[\x20-\x7e]*$/

/**
 * Makes text from outside (names, reasons, addresses) safe for a terminal: no escape sequences, control or bidi
 * characters, all on one line.
 */
export function clean(text: string): string {
  if (plain.test(text)) return text
  return text.replace(sequences, '').replace(blanks, ' ').replace(unprintable, '').toWellFormed()
}

/** JSON on one line that is harmless on a terminal too: what `clean` would remove is written as \u escapes. */
export function cleanJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (plain.test(text)) return text
  return text.replace(unprintable, (found) => {
    const units = Array.from({ length: found.length }, (_, index) => found.charCodeAt(index))
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
  })
}
