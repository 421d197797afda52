import { badArchive, showEntry } from '../bad-archive.ts'
import { paxRecords } from './pax-records.ts'

const blockBytes = 512
/** More than the longest path and its neighbours in an extended header need. */
const maxExtendedBytes = 64 * 1024
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Types of headers that tell more about the entry behind them: PAX (one entry, all entries), GNU (its name, its target). */
const extendedTypes = 'xgLK'
const otherTypes: Readonly<Record<string, string>> = {
  '3': 'a device',
  '4': 'a device',
  '6': 'a pipe',
  S: 'a file with holes',
}

/** What extended headers said of the entry that comes next. */
interface Announced {
  readonly types: Set<string>
  path?: Buffer
  target?: Buffer
  size?: number
}

/**
 * Passes the bytes of a tar on when they were checked, so that whoever parses them has one way to do it only. Refused are
 * other types than files, folders, links and hard links; sizes that are no plain numbers, and sizes of what has no content;
 * extended headers that are damaged, longer than 64 KiB, twice, or say what readers understand differently; names that are
 * not UTF-8; anything but zeros behind the end, and an archive without its end.
 * @throws SluiceError `bad-archive` that names the entry
 */
export async function* checkedTar(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  const frames = createFrames()
  for await (const chunk of bytes) {
    frames.take(chunk)
    yield chunk
  }
  frames.end()
}

function createFrames(): { take(chunk: Buffer): void; end(): void } {
  const header: Buffer = Buffer.alloc(blockBytes)
  /** What is being gathered, how much of it is there, and what happens with it then. */
  let target = header
  let have = 0
  let whole = readHeader
  let skip = 0
  let zeroBlocks = 0
  let announced: Announced = { types: new Set() }

  function take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (zeroBlocks === 2) return checkZeros(chunk.subarray(at))
      const length = Math.min(skip > 0 ? skip : target.length - have, chunk.length - at)
      if (skip > 0) skip -= length
      else {
        chunk.copy(target, have, at, at + length)
        have += length
        if (have === target.length) whole()
      }
      at += length
    }
  }

  function gather(into: Buffer, then: () => void): void {
    target = into
    have = 0
    whole = then
  }

  function readHeader(): void {
    gather(header, readHeader)
    if (header.every((byte) => byte === 0)) {
      zeroBlocks += 1
      return
    }
    if (zeroBlocks > 0) throw badArchive('The archive goes on behind its end.')
    if (header.toString('latin1', 257, 262) !== 'ustar') throw badArchive('What is packed is no tar, or it is damaged.')
    const type = String.fromCharCode(header[156] || 0x30)
    if (extendedTypes.includes(type)) readExtended(type)
    else readEntry(type)
  }

  function readExtended(type: string): void {
    const size = sizeOf(header) ?? refuse('does not tell its size')
    if (size > maxExtendedBytes) refuse('has too long a header')
    // Programs write one kind or the other, and would disagree about both.
    const other = type === 'x' ? /[LK]/ : /x/
    if (announced.types.has(type) || other.test(Array.from(announced.types).join(''))) refuse('has two headers')
    if (type !== 'g') announced.types.add(type)
    const content = Buffer.alloc(padded(size))
    const then = (): void => {
      gather(header, readHeader)
      announce(type, content.subarray(0, size))
    }
    gather(content, then)
    if (size === 0) then()
  }

  function announce(type: string, content: Buffer): void {
    if (type === 'L') announced.path = terminated(content)
    else if (type === 'K') announced.target = terminated(content)
    else {
      const records = paxRecords(content) ?? refuse('has a damaged header')
      if (Array.from(records.keys()).some((key) => key.startsWith('GNU.sparse'))) refuse('is a file with holes')
      const [path, link, size] = ['path', 'linkpath', 'size'].map((key) => records.get(key))
      if (type === 'g' && (path || link || size)) refuse('has the name or size of all others')
      if (path?.length) announced.path = path
      if (link?.length) announced.target = link
      if (size?.length) announced.size = number(size.toString('latin1'), 10) ?? refuse('does not tell its size')
    }
  }

  function readEntry(type: string): void {
    if (!'0125'.includes(type)) refuse(`is ${otherTypes[type] ?? 'of a type that is not taken'}`)
    if (!isText(nameOf())) refuse('has a name that is not UTF-8')
    if (!isText(announced.target ?? field(header, 157, 100))) refuse('leads to a name that is not UTF-8')
    const said = sizeOf(header)
    const size = said === null ? refuse('does not tell its size') : (announced.size ?? said)
    if (type !== '0' && (size !== 0 || said !== 0)) refuse('has content, although it is no file')
    skip = padded(size)
    announced = { types: new Set() }
  }

  function nameOf(): Buffer {
    if (announced.path) return announced.path
    const name = field(header, 0, 100)
    // The field in front of the name is in the POSIX format only.
    const prefix = header[262] === 0 ? field(header, 345, 155) : Buffer.alloc(0)
    return prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name
  }

  function refuse(reason: string): never {
    throw badArchive(`The entry ${showEntry(nameOf().toString('latin1'))} of the archive is refused: it ${reason}.`)
  }

  function terminated(content: Buffer): Buffer {
    const nul = content.indexOf(0)
    const text = nul < 0 ? content : content.subarray(0, nul)
    if (content.subarray(text.length).some((byte) => byte !== 0)) refuse('has control characters in its name')
    return text
  }

  return {
    take,
    end() {
      if (zeroBlocks < 2) throw badArchive('The archive is cut off: its end is missing.')
      if (announced.types.size > 0) throw badArchive('The archive ends in the middle of an entry.')
    },
  }
}

function checkZeros(rest: Buffer): void {
  if (rest.some((byte) => byte !== 0)) throw badArchive('The archive goes on behind its end.')
}

/** The size of a header (POSIX ustar, and the GNU form for more than 8 GiB), null where it is no plain number. */
function sizeOf(header: Buffer): number | null {
  const bytes = header.subarray(124, 136)
  if (bytes[0] === 0x80) return number(`0x${bytes.toString('hex', 1)}`)
  const text = bytes.toString('latin1')
  const octal = /^ *([0-7]*)[ \0]*$/.exec(text)?.[1]
  return octal === undefined ? null : number(octal === '' ? '0' : `0o${octal}`)
}

function number(text: string, radix?: 10): number | null {
  const value = radix === 10 && !/^\d+$/.test(text) ? Number.NaN : Number(text)
  return Number.isSafeInteger(value) ? value : null
}

function padded(size: number): number {
  return Math.ceil(size / blockBytes) * blockBytes
}

/** A text of a header up to its first NUL. */
function field(header: Buffer, at: number, length: number): Buffer {
  const text = header.subarray(at, at + length)
  const nul = text.indexOf(0)
  return nul < 0 ? text : text.subarray(0, nul)
}

function isText(bytes: Buffer): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}
