/** Longest text that is taken from a library. */
const maxCharacters = 4096

/** A text out of a native library: no control characters, no end of line, of bounded length (default 4096). */
export function cleanText(value: unknown, longest: number = maxCharacters): string {
  if (typeof value !== 'string') return ''
  return value
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
}
