/**
 * Longest safe name in bytes of UTF-8: 255, what file systems allow, less ` (999)` of a numbered copy and `.part`.
 */
export const maxNameBytes = 244

const fallbackName = 'download'
const plainName = /^[\w-](?:[\w .+,=@()[\]{}~!#$%&'^`;-]*[\w+,=@()[\]{}~!#$%&'^`;-])?$/
// Controls (C0, DEL, C1), line and paragraph separators, and everything that turns the direction of text.
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g
const reserved = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[1-9\u00b9\u00b2\u00b3])[\s.]*(?:\.|$)/i
const extension = /(?:\.tar)?\.[\p{L}\p{N}_+-]{1,15}$/iu

let graphemes: Intl.Segmenter | undefined

/**
 * Makes any text one path component that every operating system accepts and that prints as what it is: NFC; controls,
 * direction marks, separators and `<>:"|?*` become `_`, so do leading dots; no blanks at the ends, no trailing dots;
 * reserved Windows names get a `_` in front; at most `maxNameBytes`, cut on a grapheme border with the extension kept.
 * Never empty, never `.` or `..`. Safe names come back unchanged.
 */
export function safeFileName(name: string): string {
  if (name.length <= maxNameBytes && plainName.test(name)) return protect(name)
  const clean = name
    .normalize('NFC')
    .replace(invisible, '_')
    .replace(/[/\\<>:"|?*]/g, '_')
    .replace(/\p{Surrogate}/gu, '_')
    .trim()
    .replace(/^\.+/, (dots) => '_'.repeat(dots.length))
  return protect(shorten(protect(trimEnd(clean)))) || fallbackName
}

/** `name (1).ext`: a number in front of the extension, double ones such as `.tar.gz` kept together. */
export function numberedName(name: string, n: number): string {
  const [stem, ext] = splitExtension(name)
  return `${stem} (${n})${ext}`
}

/** Name of the file that holds the bytes until all checks passed. */
export function partName(name: string): string {
  return `${name}.part`
}

/** Stem and extension with its dot; the extension is '' for hidden and extensionless names. */
export function splitExtension(name: string): readonly [stem: string, ext: string] {
  const ext = extension.exec(name)?.[0] ?? ''
  return ext.length === name.length ? [name, ''] : [name.slice(0, name.length - ext.length), ext]
}

/** Whether Windows takes the name, whatever its extension, for a device. */
export function isReservedName(name: string): boolean {
  return reserved.test(name)
}

function protect(name: string): string {
  return isReservedName(name) ? `_${name}` : name
}

function trimEnd(name: string): string {
  let end = name.length
  while (end > 0 && /[.\s]/.test(name.charAt(end - 1))) end--
  return name.slice(0, end)
}

function shorten(name: string): string {
  if (byteLength(name) <= maxNameBytes) return name
  const [stem, ext] = splitExtension(name)
  return trimEnd(cut(stem, maxNameBytes - byteLength(ext))) + ext
}

function cut(text: string, maxBytes: number): string {
  // One unit is at least one byte: what lies further back cannot stay, however long a hostile name is.
  const head = text.slice(0, 2 * maxNameBytes)
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let parts = Array.from(graphemes.segment(head), (part) => part.segment)
  // A first grapheme without end (one letter, hundreds of marks) is cut between its code points.
  if (byteLength(parts[0] ?? '') > maxBytes) parts = Array.from(head)
  let kept = ''
  let left = maxBytes
  for (const part of parts) {
    left -= byteLength(part)
    if (left < 0) break
    kept += part
  }
  return kept
}

function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    // A pair of surrogates has four bytes: two for each unit.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}
