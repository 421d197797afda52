import { crc32, deflateRawSync } from 'node:zlib'

/** An entry of a hand-made zip file. What is not given is as a plain program would write it. */
export interface ZipPart {
  readonly name: string | Buffer
  readonly data?: string | Uint8Array
  readonly deflate?: boolean
  /** Says something else than the truth, in both headers. */
  readonly says?: Says
  /** In the local header only. */
  readonly local?: Says & { readonly name?: string | Buffer }
  /** In the directory only. */
  readonly central?: Says & { readonly offset?: number }
  /** Sizes behind the data, as programs that write to a pipe do it: bytes of that record, with its signature or not. */
  readonly descriptor?: 12 | 16 | 20 | 24
  /** Instead of the right record of those bytes. */
  readonly descriptorBytes?: Buffer
  /** Bytes between the end of this entry and what follows. */
  readonly gap?: Buffer
}

interface Says {
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly packed?: number
  readonly size?: number
  readonly extra?: Buffer
  readonly attributes?: number
  /** The system of the program that made it, in the directory only: 0 MS-DOS, 3 Unix. */
  readonly host?: number
  readonly disk?: number
}

export interface ZipShape {
  readonly before?: Buffer
  readonly behind?: Buffer
  readonly comment?: Buffer
  /** Fields of the end record. */
  readonly end?: {
    disk?: number
    directoryDisk?: number
    here?: number
    entries?: number
    size?: number
    offset?: number
  }
  /** Also writes the zip64 end records, with these numbers in them where given. */
  readonly zip64?: {
    entries?: number | bigint
    size?: number | bigint
    offset?: number | bigint
    locatorOffset?: number | bigint
    length?: number
    disks?: number
  }
}

/** Builds a zip file byte by byte, wrong ones too. Offsets are right even when bytes precede it. */
export function zipBytes(parts: readonly ZipPart[], shape: ZipShape = {}): Buffer {
  const pieces: Buffer[] = shape.before ? [shape.before] : []
  const directory: Buffer[] = []
  for (const part of parts) {
    const offset = Buffer.concat(pieces).length
    const name = Buffer.from(part.name as string)
    const data = Buffer.from((part.data ?? '') as string)
    const packed = part.deflate ? deflateRawSync(data) : data
    const said = {
      flags: part.descriptor === undefined ? 0 : 8,
      method: part.deflate ? 8 : 0,
      crc: crc32(data),
      packed: packed.length,
      size: data.length,
      extra: Buffer.alloc(0),
      attributes: 0,
      host: 3,
      disk: 0,
      ...part.says,
    }
    const unsaid = part.descriptor === undefined ? {} : { crc: 0, packed: 0, size: 0 }
    const localName = part.local?.name === undefined ? name : Buffer.from(part.local.name as string)
    pieces.push(localBytes(localName, { ...said, ...unsaid, ...part.local }), packed)
    if (part.descriptor !== undefined) pieces.push(part.descriptorBytes ?? descriptorBytes(part.descriptor, said))
    if (part.gap) pieces.push(part.gap)
    directory.push(centralBytes(name, { ...said, offset, ...part.central }))
  }
  const offset = Buffer.concat(pieces).length
  const central = Buffer.concat(directory)
  const plain = { entries: parts.length, size: central.length, offset }
  const zip64 = shape.zip64 ? [zip64Bytes(plain, shape.zip64)] : []
  const end = endBytes(plain, shape)
  return Buffer.concat(
    [...pieces, central, ...zip64, end, shape.comment ?? '', shape.behind ?? ''].map((b) => Buffer.from(b)),
  )
}

type Full = Required<Says>

function localBytes(name: Buffer, { flags, method, crc, packed, size, extra }: Full): Buffer {
  return Buffer.concat([
    u32(0x04034b50),
    u16(20),
    u16(flags),
    u16(method),
    u16(0),
    u16(33),
    u32(crc),
    u32(packed),
    u32(size),
    u16(name.length),
    u16(extra.length),
    name,
    extra,
  ])
}

function centralBytes(name: Buffer, said: Full & { offset: number }): Buffer {
  const { flags, method, crc, packed, size, extra, attributes, host, disk, offset } = said
  return Buffer.concat([
    u32(0x02014b50),
    u16((host << 8) | 20),
    u16(20),
    u16(flags),
    u16(method),
    u16(0),
    u16(33),
    u32(crc),
    u32(packed),
    u32(size),
    u16(name.length),
    u16(extra.length),
    u16(0),
    u16(disk),
    u16(0),
    u32(attributes),
    u32(offset),
    name,
    extra,
  ])
}

function descriptorBytes(length: number, { crc, packed, size }: Full): Buffer {
  const wide = length >= 20 ? u64 : u32
  const signature = length === 16 || length === 24 ? u32(0x08074b50) : Buffer.alloc(0)
  return Buffer.concat([signature, u32(crc), wide(packed), wide(size)])
}

function zip64Bytes(
  plain: { entries: number; size: number; offset: number },
  said: NonNullable<ZipShape['zip64']>,
): Buffer {
  const entries = said.entries ?? plain.entries
  const at = said.locatorOffset ?? plain.offset + plain.size
  return Buffer.concat([
    u32(0x06064b50),
    u64(said.length ?? 44),
    u16(45),
    u16(45),
    u32(0),
    u32(0),
    u64(entries),
    u64(entries),
    u64(said.size ?? plain.size),
    u64(said.offset ?? plain.offset),
    u32(0x07064b50),
    u32(0),
    u64(at),
    u32(said.disks ?? 1),
  ])
}

function endBytes(plain: { entries: number; size: number; offset: number }, { end = {}, comment }: ZipShape): Buffer {
  const entries = end.entries ?? plain.entries
  return Buffer.concat([
    u32(0x06054b50),
    u16(end.disk ?? 0),
    u16(end.directoryDisk ?? 0),
    u16(end.here ?? entries),
    u16(entries),
    u32(end.size ?? plain.size),
    u32(end.offset ?? plain.offset),
    u16(comment?.length ?? 0),
  ])
}

/** The zip64 field of a header with these numbers. */
export function zip64Field(...values: ReadonlyArray<number | bigint>): Buffer {
  return Buffer.concat([u16(1), u16(8 * values.length), ...values.map(u64)])
}

export function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
