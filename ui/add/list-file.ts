/** Bytes that a list may have; what is larger is no list. */
export const largestList = 2 * 1024 * 1024

const names = /\.(?:txt|csv|tsv|urls?|list|lst|md|html?|json)$/i

/** Whether a dropped file may be a list of links, by its name and type. */
export function mayBeList({ name, type }: { readonly name: string; readonly type: string }): boolean {
  return names.test(name) || type.startsWith('text/') || (type === '' && !/\.[^.]+$/.test(name))
}

/**
 * The lines of a dropped file: a list as it is (also aria2's, with its option lines); of a table, a web page, JSON or an
 * internet shortcut the addresses in it. Null for what is no text.
 */
export function linesOfFile(name: string, text: string): string | null {
  if (text.includes('\0')) return null
  const plain = text.replace(/^\ufeff/, '')
  if (/\.[ct]sv$/i.test(name)) return cellsOf(plain).filter(isAddress).join('\n')
  if (/\.url$/i.test(name)) return /^URL=(\S+)\s*$/im.exec(plain)?.[1] ?? ''
  if (/\.(?:md|html?|json)$/i.test(name)) return addressesIn(plain).join('\n')
  return plain.trim()
}

/** Lines of `text/uri-list` (RFC 2483) without its comments. */
export function linesOfUriList(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
}

/** The text of the field with more put to it: lines below what is there. */
export function appended(text: string, more: string): string {
  const before = text.replace(/\s+$/, '')
  return before === '' ? more : `${before}\n${more}`
}

function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text)
}

/** The cells of a table with commas, semicolons or tabs between them (RFC 4180 quotes). */
function cellsOf(text: string): string[] {
  return Array.from(text.matchAll(/"((?:[^"]|"")*)"|[^",;\t\r\n]+/g), ([cell, quoted]) =>
    (quoted?.replaceAll('""', '"') ?? cell).trim(),
  )
}

function addressesIn(text: string): string[] {
  const found = Array.from(text.matchAll(/https?:\/\/[^\s"'<>()[\]{}\\`]+/gi), ([one]) =>
    one.replace(/[.,;:!?]+$/, '').replaceAll('&amp;', '&'),
  )
  return [...new Set(found)]
}
