import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { SluiceError } from '../../core/errors.ts'
import { excerpt } from '../../core/excerpt.ts'

/** Longest name or path that is read out of a header. */
const maxTextBytes = 4096
/** Most that is read at once: no header that is read here is larger. */
const maxReadBytes = 1024 * 1024

/** A file whose header is read piece by piece. Every offset in it may be a lie: what lies outside the file is refused. */
export interface BinaryFile {
  /** Bytes. */
  readonly size: number
  /** Exactly `length` bytes. */
  at(offset: number, length: number): Promise<DataView>
  /** As many as there are up to `length`. */
  upTo(offset: number, length: number): Promise<DataView>
  /** The text up to its NUL; as it is, printable or not. */
  text(offset: number): Promise<string>
  /** Throws `not-loadable`. `why` follows "is no library that can be loaded:". */
  fail(why: string): never
}

/**
 * Opens a file to read its header, and closes it again. `not-loadable` where it is no regular file or cannot be read.
 */
export async function withBinaryFile<T>(path: string, read: (file: BinaryFile) => Promise<T>): Promise<T> {
  const handle = await openFile(path)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) throw new SluiceError('not-loadable', `${excerpt(path, 400)} is no file.`)
    return await read(binaryFile(handle, path, stat.size))
  } finally {
    await handle.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const { O_RDONLY, O_NONBLOCK } = process.getBuiltinModule('node:fs').constants
    // Without O_NONBLOCK (which Windows has not) a named pipe would hold up the caller until somebody writes to it.
    return await open(path, O_RDONLY | (O_NONBLOCK ?? 0))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new SluiceError('not-loadable', `There is no file ${excerpt(path, 400)}.`, {
        hint: 'Check the path, or download the version again: sluice llama download --force.',
        cause: error,
      })
    throw new SluiceError('not-loadable', `${excerpt(path, 400)} cannot be read (${code || 'unknown reason'}).`, {
      hint: 'Check the permissions of the file and its folder.',
      cause: error,
    })
  }
}

function binaryFile(handle: FileHandle, path: string, size: number): BinaryFile {
  function fail(why: string): never {
    throw new SluiceError('not-loadable', `${excerpt(path, 400)} is no library that can be loaded: ${why}.`, {
      hint: 'Check the path, or download the version again: sluice llama download --force.',
    })
  }
  async function upTo(offset: number, length: number): Promise<DataView> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > size || length > maxReadBytes)
      return fail('its header points outside the file')
    const buffer = new Uint8Array(Math.min(length, size - offset))
    let filled = 0
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return new DataView(buffer.buffer, 0, filled)
  }
  async function at(offset: number, length: number): Promise<DataView> {
    const view = await upTo(offset, length)
    return view.byteLength === length ? view : fail('it ends early')
  }
  async function text(offset: number): Promise<string> {
    const view = await upTo(offset, maxTextBytes)
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
    const end = bytes.indexOf(0)
    return end < 0 ? fail('a name in its header has no end') : bytes.toString('utf8', 0, end)
  }
  return { size, at, upTo, text, fail }
}
