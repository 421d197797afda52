const digits = /^[1-9]\d{0,8}$/

/**
 * Reads the records of an extended header (POSIX.1-2024 pax, "pax Extended Header"): `LENGTH KEY=VALUE\n`. Null where one
 * is not exactly so, or where a key that readers would understand in different ways comes twice.
 */
export function paxRecords(bytes: Buffer): Map<string, Buffer> | null {
  const records = new Map<string, Buffer>()
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(0x20, at)
    const length = bytes.toString('latin1', at, Math.max(at, blank))
    const end = at + Number(length)
    if (!digits.test(length) || end > bytes.length || end < blank + 3 || bytes[end - 1] !== 0x0a) return null
    const equals = bytes.indexOf(0x3d, blank)
    if (equals <= blank + 1 || equals >= end) return null
    const key = bytes.toString('latin1', blank + 1, equals)
    if (records.has(key)) return null
    records.set(key, bytes.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}
