import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { SluiceError } from '../../core/errors.ts'
import { badArchive } from '../bad-archive.ts'
import { diskError, errorCode } from '../../core/disk-error.ts'

/** What a file is by its first bytes; `html` is any page or answer of a server: HTML, XML or JSON. */
export type ArchiveKind = 'tar.gz' | 'tar' | 'tar.zst' | 'zip' | 'html' | 'xz' | '7z' | 'bz2' | 'unknown'

/** A tar has its mark behind the fields of its first header. */
const tarMark = { text: 'ustar', at: 257 }
const headBytes = tarMark.at + tarMark.text.length

const marks: ReadonlyArray<readonly [ArchiveKind, string]> = [
  ['tar.gz', '\x1f\x8b'],
  ['tar.zst', '\x28\xb5\x2f\xfd'],
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['xz', '\xfd7zXZ\0'],
  ['7z', '7z\xbc\xaf\x27\x1c'],
  ['bz2', 'BZh'],
]

/**
 * Tells what an archive is by its first bytes; names and what a server says of them often lie.
 * @throws SluiceError `not-found`, `bad-archive` for what is no file, those of the disk
 */
export async function archiveKind(path: string): Promise<ArchiveKind> {
  const head = await readHead(path)
  if (head.startsWith(tarMark.text, tarMark.at)) return 'tar'
  const marked = marks.find(([, mark]) => head.startsWith(mark))
  if (marked) return marked[0]
  // With a byte order mark and blanks in front or not.
  return /^(?:\xef\xbb\xbf)?\s*[<{[]/.test(head) ? 'html' : 'unknown'
}

/** One character for each byte. */
async function readHead(path: string): Promise<string> {
  try {
    // Without waiting for somebody to write, should it be a pipe.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      if (!(await file.stat()).isFile()) throw badArchive(`This is not a file: ${path}`)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return buffer.toString('latin1', 0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new SluiceError('not-found', `There is no such file: ${path}`, { cause: error })
    throw diskError(error, path)
  }
}
