/** One way to log in that a server offers. */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string
  /** By lower-case name; of a name that comes twice the first value. */
  readonly params: ReadonlyMap<string, string>
  /** What stands in place of parameters (`Negotiate abc==`), null where there are parameters or nothing. */
  readonly token68: string | null
}

const blanks = /[\s,]*/y
const tokenChars = "!#$%&'*+\\-.^_`|~0-9A-Za-z"
/** An unquoted value may be any text without blank and comma: addresses without quotes are sent, though not allowed. */
const param = new RegExp(`([${tokenChars}]+)[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)(?:"|\\\\?$)|([^\\s,"]*))`, 'sy')
const scheme = new RegExp(`([${tokenChars}]+)(?=[ \\t,]|$)[ \\t]*`, 'y')
const token68 = /([A-Za-z0-9\-._~+/]+=*)(?=[ \t]*(?:,|$))/y
const garbage = /"(?:[^"\\]|\\.)*"?|[^\s,"]+|./sy

/**
 * Reads the WWW-Authenticate fields of an answer (RFC 9110, 11.6.1): several challenges in one field, quoted strings with
 * escapes, bare tokens, token68. What makes no sense is passed over. The time taken grows with the length and no faster.
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  return fields.flatMap(parseField)
}

function parseField(text: string): Challenge[] {
  const found: Array<{ scheme: string; params: Map<string, string>; token68: string | null }> = []
  let at = 0

  function next(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match !== null) at = pattern.lastIndex
    return match
  }

  for (next(blanks); at < text.length; next(blanks)) {
    const pair = next(param)
    if (pair !== null) {
      const [, name = '', quoted, bare = ''] = pair
      const params = found.at(-1)?.params
      const key = name.toLowerCase()
      if (params?.has(key) === false) params.set(key, quoted?.replace(/\\(.)/gs, '$1') ?? bare)
      continue
    }
    const named = next(scheme)
    if (named === null) {
      next(garbage)
      continue
    }
    found.push({ scheme: (named[1] ?? '').toLowerCase(), params: new Map(), token68: next(token68)?.[1] ?? null })
  }
  return found
}
