import { badArchive } from './bad-archive.ts'

/** Where the central directory of a zip is, and how many entries it has. Bytes. */
export interface ZipDirectory {
  readonly entries: number
  readonly offset: number
  readonly size: number
}

/** Reads exactly that many bytes. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>

/** More entries than any archive that Sluice reads has. */
const maxEntries = 20_000
const maxDirectoryBytes = 32 * 1024 * 1024
const endSize = 22
const maxComment = 0xffff
const locatorSize = 20
const zip64EndSize = 56

/**
 * Finds the central directory (PKWARE APPNOTE 4.3.14 to 4.3.16) and refuses what readers of zip files might understand in
 * different ways: a second end record, bytes behind the end, a zip64 record that is elsewhere or says other numbers,
 * a directory that does not reach up to its end records, several disks.
 * @throws SluiceError `bad-archive`
 */
export async function findDirectory(read: ReadAt, fileSize: number): Promise<ZipDirectory> {
  const tailSize = Math.min(fileSize, endSize + maxComment)
  const tail = await read(fileSize - tailSize, tailSize)
  const at = findEnd(tail)
  if (at === undefined) {
    const begun = tail.length >= 4 && (await read(0, 4)).readUInt32LE(0) === 0x04034b50
    throw badArchive(begun ? 'The zip file is cut off: its directory is missing.' : 'This is not a zip file.')
  }
  const end = tail.subarray(at)
  const endPosition = fileSize - tailSize + at
  const plain = {
    entries: end.readUInt16LE(10),
    size: end.readUInt32LE(12),
    offset: end.readUInt32LE(16),
  }
  if (end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0 || end.readUInt16LE(8) !== plain.entries)
    throw badArchive('The zip file is one part of several.')

  const zip64 = await readZip64(read, endPosition)
  if (
    zip64 &&
    !(fits(plain.entries, zip64.entries, 0xffff) && fits(plain.size, zip64.size) && fits(plain.offset, zip64.offset))
  )
    throw badArchive('The two end records of the zip file contradict each other.')

  const { entries, offset, size } = zip64 ?? plain
  if (offset + size !== (zip64?.position ?? endPosition))
    throw badArchive('The directory of the zip file is not where its end says.')
  if (entries > maxEntries || size > maxDirectoryBytes)
    throw badArchive(`The zip file has more than ${maxEntries} entries, or a directory too large for them.`)
  return { entries, offset, size }
}

/** The last end record. Its comment must reach up to the end of the file, and no earlier record may claim the same. */
function findEnd(tail: Buffer): number | undefined {
  const found: number[] = []
  for (let at = tail.length - endSize; at >= 0; at--) {
    if (tail[at] === 0x50 && tail.readUInt32LE(at) === 0x06054b50) found.push(at)
  }
  const whole = found.filter((at) => at + endSize + tail.readUInt16LE(at + 20) === tail.length)
  if (whole.length > 1) throw badArchive('The zip file has two ends, and programs would disagree on what it holds.')
  if (whole[0] !== found[0]) throw badArchive('Bytes follow the end of the zip file.')
  return found[0]
}

async function readZip64(
  read: ReadAt,
  endPosition: number,
): Promise<(ZipDirectory & { position: number }) | undefined> {
  const position = endPosition - locatorSize - zip64EndSize
  if (position < 0) return undefined
  const records = await read(position, zip64EndSize + locatorSize)
  const locator = records.subarray(zip64EndSize)
  if (locator.readUInt32LE(0) !== 0x07064b50) return undefined
  // The record has its smallest length (44 after its first 12 bytes): what may follow is for encryption only.
  const inPlace = readUInt64(locator, 8) === position && records.readUInt32LE(0) === 0x06064b50
  if (!inPlace || readUInt64(records, 4) !== zip64EndSize - 12)
    throw badArchive('The zip64 end record of the zip file is not where it belongs.')
  const entries = readUInt64(records, 32)
  const disks = locator.readUInt32LE(4) + records.readUInt32LE(16) + records.readUInt32LE(20)
  if (disks !== 0 || locator.readUInt32LE(16) > 1 || readUInt64(records, 24) !== entries)
    throw badArchive('The zip file is one part of several.')
  return { entries, size: readUInt64(records, 40), offset: readUInt64(records, 48), position }
}

/** Whether the field of the plain record says the same as zip64, or that it does not say. */
function fits(plain: number, zip64: number, unsaid = 0xffffffff): boolean {
  return plain === unsaid || plain === zip64
}

/** A number of 8 bytes; one above 2^53 comes out as NaN, which equals nothing and is refused by each comparison. */
export function readUInt64(buffer: Buffer, at: number): number {
  const value = buffer.readBigUInt64LE(at)
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.NaN : Number(value)
}
