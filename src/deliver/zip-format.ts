/*
 * Records of the ZIP format (PKWARE APPNOTE 6.3.10) as Sluice writes them: method Store, names in UTF-8, modes of Unix,
 * times in UTC so that the same input gives the same bytes.
 */

/** An entry whose place in the file is known. Bytes. A name that ends in `/` is a folder of size 0. */
export interface ZipRecord {
  readonly name: string
  readonly size: number
  readonly crc: number
  /** Where its local header begins. */
  readonly offset: number
}

const limit16 = 0xffff
const limit32 = 0xffffffff
/** General purpose flag, bit 11: the name is UTF-8 (4.4.4). */
const utf8 = 0x0800
/** Version 4.5 of the specification: zip64 (4.4.3.2). */
const version = 45
/** Made on Unix (4.4.2), so that the upper half of the external attributes is a mode. */
const madeBy = (3 << 8) | version
const fileMode = 0o100644
const folderMode = 0o040755
const dosFolder = 0x10
const localFixed = 30
const localZip64 = 20

/** Bytes of the local header of an entry. It depends on the name alone, not on the size of the file. */
export function localHeaderSize(name: string): number {
  return localFixed + Buffer.byteLength(name) + localZip64
}

/** Local file header (4.3.7). Sizes always stand in the zip64 field (4.5.3), which makes its length constant. */
export function localHeader(entry: ZipRecord, mtime: Date): Buffer {
  const name = Buffer.from(entry.name)
  const header = Buffer.alloc(localHeaderSize(entry.name))
  header.writeUInt32LE(0x04034b50, 0)
  writeCommon(header, 4, entry, mtime)
  header.writeUInt32LE(limit32, 18)
  header.writeUInt32LE(limit32, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(localZip64, 28)
  name.copy(header, localFixed)
  writeZip64Field(header, localFixed + name.length, [entry.size, entry.size])
  return header
}

/** Central directory header (4.3.12). What fits into 32 bits is not repeated in a zip64 field. */
export function centralHeader(entry: ZipRecord, mtime: Date): Buffer {
  const name = Buffer.from(entry.name)
  const large = entry.size >= limit32
  const far = entry.offset >= limit32
  const zip64 = [...(large ? [entry.size, entry.size] : []), ...(far ? [entry.offset] : [])]
  const extra = zip64.length === 0 ? 0 : 4 + 8 * zip64.length
  const header = Buffer.alloc(46 + name.length + extra)
  const folder = entry.name.endsWith('/')
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(madeBy, 4)
  writeCommon(header, 6, entry, mtime)
  header.writeUInt32LE(large ? limit32 : entry.size, 20)
  header.writeUInt32LE(large ? limit32 : entry.size, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra, 30)
  header.writeUInt32LE((((folder ? folderMode : fileMode) << 16) | (folder ? dosFolder : 0)) >>> 0, 38)
  header.writeUInt32LE(far ? limit32 : entry.offset, 42)
  name.copy(header, 46)
  if (extra > 0) writeZip64Field(header, 46 + name.length, zip64)
  return header
}

/** What follows the central directory: the zip64 records (4.3.14, 4.3.15) where needed, and the end record (4.3.16). */
export function endRecords({ entries, size, offset }: { entries: number; size: number; offset: number }): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(entries, limit16), 8)
  end.writeUInt16LE(Math.min(entries, limit16), 10)
  end.writeUInt32LE(Math.min(size, limit32), 12)
  end.writeUInt32LE(Math.min(offset, limit32), 16)
  if (entries < limit16 && size < limit32 && offset < limit32) return end

  const zip64 = Buffer.alloc(56 + 20)
  zip64.writeUInt32LE(0x06064b50, 0)
  writeUInt64(zip64, 44, 4)
  zip64.writeUInt16LE(madeBy, 12)
  zip64.writeUInt16LE(version, 14)
  writeUInt64(zip64, entries, 24)
  writeUInt64(zip64, entries, 32)
  writeUInt64(zip64, size, 40)
  writeUInt64(zip64, offset, 48)
  zip64.writeUInt32LE(0x07064b50, 56)
  writeUInt64(zip64, offset + size, 64)
  zip64.writeUInt32LE(1, 72)
  return Buffer.concat([zip64, end])
}

/** Version, flags, method, time, date and checksum stand in the same order in both headers. */
function writeCommon(header: Buffer, at: number, { crc }: ZipRecord, mtime: Date): void {
  const [time, date] = dosTime(mtime)
  header.writeUInt16LE(version, at)
  header.writeUInt16LE(utf8, at + 2)
  header.writeUInt16LE(time, at + 6)
  header.writeUInt16LE(date, at + 8)
  header.writeUInt32LE(crc, at + 10)
}

function writeZip64Field(header: Buffer, at: number, values: readonly number[]): void {
  header.writeUInt16LE(1, at)
  header.writeUInt16LE(8 * values.length, at + 2)
  for (const [index, value] of values.entries()) writeUInt64(header, value, at + 4 + 8 * index)
}

function writeUInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeBigUInt64LE(BigInt(value), at)
}

/** MS-DOS time and date (4.4.6): steps of two seconds from 1980 to 2107. */
function dosTime(date: Date): [time: number, date: number] {
  const year = date.getUTCFullYear()
  if (!(year >= 1980)) return [0, (1 << 5) | 1]
  if (year > 2107) return [(23 << 11) | (59 << 5) | 29, (127 << 9) | (12 << 5) | 31]
  return [
    (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
    ((year - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
  ]
}
