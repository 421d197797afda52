/** What the body of a registry's error answer says. */
export interface RegistryProblem {
  /** The registry's own code, upper case: `MANIFEST_UNKNOWN`, `DENIED`; null without one. */
  readonly code: string | null
  /** In the registry's words, without control characters, at most 300 characters; '' when it says nothing. */
  readonly words: string
}

const maxWords = 300

/**
 * Reads an error body in any of the ways that registries, their token servers and what stands before them have:
 * `{"errors":[{code,message,detail}]}`, `{"code","error"}`, `{"error":"…"}`, XML of object stores, HTML, plain text.
 */
export function registryProblem(body: string): RegistryProblem {
  const json = asRecord(parseJson(body))
  if (json !== null) return ofJson(json)
  const text = body.trimStart()
  if (!text.startsWith('<')) return { code: null, words: clean(body) }
  const code = element(text, 'Code')
  if (code !== null) return { code: codeOf(code), words: clean(element(text, 'Message') ?? code) }
  return { code: null, words: clean(element(text, 'title') ?? '') }
}

function ofJson(json: Readonly<Record<string, unknown>>): RegistryProblem {
  const { errors } = json
  const first = Array.isArray(errors) ? asRecord(errors[0]) : null
  if (first !== null)
    return { code: codeOf(first['code']), words: firstText(first['message'], first['detail'], first['code']) }
  const { code, error } = json
  const inner = asRecord(error)
  const words = firstText(json['error_description'], inner?.['message'], error, json['message'], json['details'], code)
  return { code: codeOf(code ?? (json['error_description'] === undefined ? undefined : error)), words }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Text of another kind, which is read in other ways.
    return null
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function codeOf(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Za-z_]{1,64}$/.test(value) ? value.toUpperCase() : null
}

function firstText(...values: unknown[]): string {
  for (const value of values) {
    const words = typeof value === 'string' ? clean(value) : ''
    if (words !== '') return words
  }
  return ''
}

/** The text of the first element of that name; null without one. */
function element(text: string, name: string): string | null {
  const start = new RegExp(`<${name}(?:\\s[^<>]{0,200})?>`, 'i').exec(text)
  if (start === null) return null
  const rest = text.slice(start.index + start[0].length)
  const end = rest.indexOf('<')
  return end < 0 ? null : rest.slice(0, end)
}

/** One line, without anything that moves a cursor or turns the direction of writing. */
function clean(text: string): string {
  const line = text
    .slice(0, 8 * maxWords)
    .toWellFormed()
    .replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim()
  return line.length > maxWords ? `${line.slice(0, maxWords - 1).toWellFormed()}…` : line
}
