import { parseExtraFields } from 'yauzl'
import type { Entry, LocalFileHeader, ZipFile } from 'yauzl'
import { badArchive, showEntry } from './bad-archive.ts'
import { readUInt64 } from './zip-end.ts'
import type { ReadAt } from './zip-end.ts'
import { entryName } from './zip-records.ts'

const mask32 = 0xffffffff
/** Flag bit 3: checksum and sizes stand in a record behind the data, and may be 0 in the local header. */
const sizesBehind = 0x0008

interface Sizes {
  readonly packed: number
  readonly size: number
}

/**
 * Compares every local header with the directory and makes sure that headers and contents fill the file from its first
 * byte to the directory, without overlaps and without bytes that belong to none. Gives where each content begins, in
 * the order of the directory.
 * @throws SluiceError `bad-archive`
 */
export async function checkPlaces(work: {
  readonly zip: ZipFile
  readonly entries: readonly Entry[]
  readonly readAt: ReadAt
  /** Where the directory begins. */
  readonly end: number
  readonly signal?: AbortSignal | undefined
}): Promise<Map<Entry, number>> {
  const { zip, entries, readAt, end, signal } = work
  const starts = new Map<Entry, number>(entries.map((entry) => [entry, 0]))
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  if ((inOrder[0]?.relativeOffsetOfLocalHeader ?? end) !== 0) throw badArchive('Bytes precede the zip file.')
  for (const [index, entry] of inOrder.entries()) {
    signal?.throwIfAborted()
    const border = inOrder[index + 1]?.relativeOffsetOfLocalHeader ?? end
    if (!(entry.relativeOffsetOfLocalHeader < border && border <= end)) refuse(entry, 'overlaps another one')
    const local = await zip.readLocalFileHeaderPromise(entry)
    checkLocal(entry, local)
    const behind = border - (local.fileDataStart + entry.compressedSize)
    if (!(behind >= 0)) refuse(entry, 'overlaps another one')
    // Some programs mark folders so, and leave the record out where there is nothing to tell.
    const described = (entry.generalPurposeBitFlag & sizesBehind) !== 0 && behind + entry.compressedSize > 0
    if (described) await checkDescriptor(entry, readAt, border, behind)
    else if (behind > 0) refuse(entry, 'is followed by bytes that belong to no entry')
    starts.set(entry, local.fileDataStart)
  }
  return starts
}

function refuse(entry: Entry, reason: string): never {
  throw badArchive(`The entry ${showEntry(entryName(entry))} of the zip file ${reason}.`)
}

/** The local file header (APPNOTE 4.3.7) must say what the directory says, or leave to a descriptor what it may. */
function checkLocal(entry: Entry, local: LocalFileHeader): void {
  const { packed, size } = localSizes(entry, local)
  const unsaid = (entry.generalPurposeBitFlag & sizesBehind) !== 0
  const same = (said: number, known: number): boolean => said === known || (unsaid && said === 0)
  const agrees =
    local.fileName.equals(entry.fileNameRaw) &&
    local.compressionMethod === entry.compressionMethod &&
    local.generalPurposeBitFlag === entry.generalPurposeBitFlag &&
    same(local.crc32, entry.crc32) &&
    same(packed, entry.compressedSize) &&
    same(size, entry.uncompressedSize)
  if (!agrees) refuse(entry, 'is described in two different ways')
}

/** Sizes of a local header, from its zip64 field (APPNOTE 4.5.3) where it sends there. */
function localSizes(entry: Entry, local: LocalFileHeader): Sizes {
  const fields = parseExtraFields(local.extraField).filter(({ id }) => id === 1)
  if (fields.length > 1) refuse(entry, 'is described in two different ways')
  const data = fields[0]?.data
  if (data === undefined) return { packed: local.compressedSize, size: local.uncompressedSize }
  const sizeWide = local.uncompressedSize === mask32
  // The local field has both sizes; some programs leave out the one that its header tells.
  const packedAt = sizeWide || data.length >= 16 ? 8 : 0
  return {
    size: sizeWide ? wide(entry, data, 0) : local.uncompressedSize,
    packed: local.compressedSize === mask32 ? wide(entry, data, packedAt) : local.compressedSize,
  }
}

function wide(entry: Entry, data: Buffer, at: number): number {
  if (data.length < at + 8) refuse(entry, 'does not tell its size')
  return readUInt64(data, at)
}

/** The data descriptor (APPNOTE 4.3.9): with or without signature, sizes of 4 or 8 bytes, and nothing else. */
async function checkDescriptor(entry: Entry, readAt: ReadAt, border: number, length: number): Promise<void> {
  const signed = length === 16 || length === 24
  if (!signed && length !== 12 && length !== 20) refuse(entry, 'is followed by bytes that belong to no entry')
  const record = await readAt(border - length, length)
  const fields = signed ? record.subarray(4) : record
  const long = fields.length === 20
  const agrees =
    (!signed || record.readUInt32LE(0) === 0x08074b50) &&
    fields.readUInt32LE(0) === entry.crc32 &&
    (long ? readUInt64(fields, 4) : fields.readUInt32LE(4)) === entry.compressedSize &&
    (long ? readUInt64(fields, 12) : fields.readUInt32LE(8)) === entry.uncompressedSize
  if (!agrees) refuse(entry, 'is described in two different ways')
}
