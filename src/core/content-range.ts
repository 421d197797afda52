/** What a Content-Range proves. Positions in bytes, `last` inclusive; `total` null when the server does not know it. */
export type ContentRange =
  | { readonly kind: 'range'; readonly first: number; readonly last: number; readonly total: number | null }
  | { readonly kind: 'unsatisfied'; readonly total: number }

/**
 * Reads Content-Range of a 206 or 416 (RFC 9110, 14.4) strictly. Null when it is malformed, contradicts itself, has
 * another unit, or counts beyond 2^53: such an answer proves nothing.
 */
export function parseContentRange(value: string): ContentRange | null {
  const match = /^bytes (?:(\d{1,16})-(\d{1,16})|\*)\/(\d{1,16}|\*)$/i.exec(value)
  if (match === null) return null
  const total = match[3] === '*' ? null : Number(match[3])
  if (total !== null && !Number.isSafeInteger(total)) return null
  if (match[1] === undefined) return total === null ? null : { kind: 'unsatisfied', total }
  const first = Number(match[1])
  const last = Number(match[2])
  if (!Number.isSafeInteger(last) || first > last || (total !== null && last >= total)) return null
  return { kind: 'range', first, last, total }
}
