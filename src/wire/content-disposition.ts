import { Buffer } from 'node:buffer'
import { parse } from 'content-disposition'
import { decodeRawBytes, decodeStrict } from './legacy-text.ts'

const simple = /^(?:attachment|inline); ?filename="([\w .,()+-]+)"$/i

/**
 * The file name that a Content-Disposition field asks for (RFC 6266), undefined when it names none. `value` holds the
 * field's bytes as Latin-1 characters. The extended parameter (RFC 8187) goes first; a plain one may be percent-encoded
 * throughout, hold words of RFC 2047, or raw bytes in UTF-8 or an older character set. Path parts are gone, but the name
 * still needs `safeFileName`.
 */
export function fileNameFromContentDisposition(value: string): string | undefined {
  const plain = simple.exec(value)?.[1]
  if (plain !== undefined) return lastPart(plain)
  const parameters = parametersOf(value)
  const extended = parameters['filename*']
  const decoded = extended === undefined ? undefined : decodeExtended(extended)
  if (decoded !== undefined && lastPart(decoded) !== undefined) return lastPart(decoded)
  const name = parameters['filename']
  return name === undefined ? undefined : lastPart(decodePlain(name))
}

function parametersOf(value: string): Record<string, string> {
  // Seen in the wild: no disposition type at all, the field sent twice (joined with a comma), a quote never closed.
  const typed = /^\s*filename\*?\s*=/i.test(value) ? `attachment;${value}` : value
  const once = typed.replace(/,\s*(?:attachment|inline)\s*(?:;.*)?$/is, '')
  const options = { extended: false }
  const parameters = parse(once, options).parameters
  return parameters['filename'] === undefined && parameters['filename*'] === undefined
    ? parse(`${typed}"`, options).parameters
    : parameters
}

function decodeExtended(value: string): string | undefined {
  const match = /^([\w-]+)'[^']*'(.*)$/s.exec(value)
  return match === null ? undefined : decodeStrict(match[1] ?? '', unescapePercent(match[2] ?? ''))
}

function decodePlain(value: string): string {
  if (value.includes('=?')) return decodeWords(value)
  const fully = value.includes('%') && /^(?:[\w.~!$&'()*+,;=:@/-]|%[0-9a-f]{2})+$/i.test(value)
  return (fully ? decodeStrict('utf-8', unescapePercent(value)) : undefined) ?? decodeRawBytes(value)
}

/** Decodes encoded words of RFC 2047; blanks between two of them belong to the encoding. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(
      /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?]*)\?=/gi,
      (word, charset: string, encoding: string, text: string) => {
        const quoted = text
          .replaceAll('_', ' ')
          .replace(/%|=([0-9a-f]{2})/gi, (_, hex: string | undefined) => `%${hex ?? '25'}`)
        const bytes = encoding.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : unescapePercent(quoted)
        return decodeStrict(charset, bytes) ?? word
      },
    )
}

function unescapePercent(value: string): Uint8Array {
  return Buffer.from(
    value.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

function lastPart(name: string): string | undefined {
  const part = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).trim()
  return part === '' || part === '.' || part === '..' ? undefined : part
}
