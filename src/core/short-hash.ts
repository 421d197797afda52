/**
 * Sixteen hex digits that differ for different texts, for names of things; not for checking anything. FNV-1a, twice
 * with different offsets, over UTF-16 units.
 */
export function shortHash(text: string): string {
  return half(text, 0x811c9dc5) + half(text, 0x9e3779b9)
}

function half(text: string, offset: number): string {
  let hash = offset
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    hash = Math.imul(hash ^ (unit & 255), 0x01000193)
    hash = Math.imul(hash ^ (unit >> 8), 0x01000193)
  }
  // The last characters reach all bits (finalizer of MurmurHash3).
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0')
}
