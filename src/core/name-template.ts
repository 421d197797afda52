import { SluiceError } from './errors.ts'
import { safeFileName, splitExtension } from './file-name.ts'

/** What the tokens of a template stand for. */
export interface NameParts {
  /** The name that the file would have without a template. */
  readonly name: string
  readonly host: string
  readonly id: string
  /** `{date}` and `{time}` are of this moment, local time. */
  readonly now: Date
}

const tokens = ['name', 'stem', 'ext', 'host', 'date', 'time', 'id']
const hint = `Known are ${tokens.map((token) => `{${token}}`).join(' ')}; for folders use dir.`

/** Throws a `usage` error for a template with tokens that do not exist, single braces or path separators. */
export function checkNameTemplate(template: string): void {
  if (/[/\\]/.test(template))
    throw new SluiceError('usage', 'The template of names contains a path separator.', { hint })
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)].find(([, token = '']) => !tokens.includes(token))
  if (unknown !== undefined)
    throw new SluiceError('usage', `The template of names contains "${unknown[0].slice(0, 40)}", which is no token.`, {
      hint,
    })
  if (/[{}]/.test(template.replace(/\{[^{}]*\}/g, '')))
    throw new SluiceError('usage', 'The template of names contains a brace without its partner.', { hint })
}

/**
 * The safe name that a checked template gives; '' gives the name itself. A template with neither `{name}` nor `{ext}`
 * keeps the extension nevertheless.
 */
export function nameFromTemplate(template: string, parts: NameParts): string {
  if (template === '') return safeFileName(parts.name)
  const [stem, dotted] = splitExtension(parts.name)
  const { date, time } = localTime(parts.now)
  const values: Readonly<Record<string, string>> = {
    name: parts.name,
    stem,
    ext: dotted.slice(1),
    host: parts.host,
    date,
    time,
    id: parts.id,
  }
  const filled = template.replace(/\{(\w+)\}/g, (whole, token: string) => values[token] ?? whole)
  return safeFileName(/\{(?:name|ext)\}/.test(template) ? filled : filled + dotted)
}

function localTime(now: Date): { readonly date: string; readonly time: string } {
  const two = (value: number): string => String(value).padStart(2, '0')
  const year = String(now.getFullYear()).padStart(4, '0')
  return {
    date: `${year}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    time: `${two(now.getHours())}-${two(now.getMinutes())}-${two(now.getSeconds())}`,
  }
}
