/**
 * A text from outside for an error sentence: printable ASCII, `?` for all else, so that nothing in it can move the cursor,
 * turn the direction or look like another letter; `…` where it was cut.
 */
export function excerpt(text: string, maxLength = 80): string {
  const shown = text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, '?')
  return text.length > maxLength ? `${shown}…` : shown
}

/** The first character of a text, in quotes, or as `U+202E` where it cannot be shown as it is. */
export function showCharacter(text: string): string {
  const point = text.codePointAt(0) ?? 0
  if (point > 0x20 && point < 0x7f) return `"${String.fromCodePoint(point)}"`
  return point === 0x20 ? 'a blank' : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
}
