/** Separates the fields of a searchable text; no field contains it. */
const separator = '\u0001'
const nul = /\0/g
/** Begins a code of the search index that stands for no text; no field contains it. */
export const codeMark = '\u{10fffe}'
/** Stands for those two where an address has them all the same; nothing that is looked for contains it. */
const standIn = '\u{10fffd}'
const reserved = /[\u0001\u{10fffd}\u{10fffe}]/gu

/** Text that both engines can keep: no NUL (PostgreSQL), no half of a surrogate pair (UTF-8). */
export function keepable(text: string): string {
  return text.replaceAll(nul, '\ufffd').toWellFormed()
}

export function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Letter by letter, so that what a part of a text becomes does not depend on what stands around it. */
function lower(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : Array.from(text, (letter) => letter.toLowerCase()).join('')
}

/**
 * What a search looks through: each field once, also when it stands in another one. The separators at the end make
 * every character of a field the first of three, which an index of triples needs to find words of one or two.
 */
export function searchText(fields: readonly string[]): string {
  const longestFirst = fields.map((field) => lower(field).replaceAll(reserved, standIn)).toSorted(byLength)
  const apart = longestFirst.filter((field, index) => !longestFirst.slice(0, index).some((one) => one.includes(field)))
  return apart.map((field) => field + separator + separator).join('')
}

/** The text to look for, as `searchText` writes it; null when nothing can contain it. */
export function searchWord(text: string): string | null {
  const isReserved = [separator, standIn, codeMark, '\0'].some((character) => text.includes(character))
  return isReserved || !text.isWellFormed() ? null : lower(text)
}

function byLength(a: string, b: string): number {
  return b.length - a.length
}
