/** A line without its end. */
export interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
  /** Why the line cannot be used. */
  readonly problem?: string
}

const mostCharacters = 65_536

/**
 * Splits bytes into lines at LF or CRLF. The text is UTF-8, or UTF-16 where a byte order mark says so (as Windows
 * shells write). Lines of any length are survived: beyond 65,536 characters the rest of one is thrown away.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let decoder: TextDecoder | undefined
  let rest = ''
  let tooLong = false
  let number = 0

  const lineOf = (text: string): Line => {
    number++
    const problem = tooLong ? `It is longer than ${mostCharacters} characters.` : problemOf(text)
    tooLong = false
    return problem === undefined ? { number, text } : { number, text, problem }
  }

  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk))
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) yield lineOf(part.replace(/\r$/, ''))
    if (rest.length > mostCharacters) {
      tooLong = true
      rest = rest.slice(0, mostCharacters)
    }
  }
  rest += decoder?.decode() ?? ''
  if (rest !== '') yield lineOf(rest.replace(/\r$/, ''))
}

/** UTF-8, or UTF-16 where the first bytes are its byte order mark. */
export function encodingOf(start: Uint8Array): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return 'utf-8'
}

function problemOf(text: string): string | undefined {
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(text)) return 'It contains control characters.'
  if (text.includes('\ufffd')) return 'It is not valid UTF-8.'
  return text.length > mostCharacters ? `It is longer than ${mostCharacters} characters.` : undefined
}
