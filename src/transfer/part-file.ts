import { asSluiceError } from '../core/errors.ts'
import type { Range } from '../core/ranges.ts'
import { diskError } from '../core/disk-error.ts'

const { closeSync, constants, fdatasync, ftruncateSync, fstatSync, openSync, write, writeSync } =
  process.getBuiltinModule('node:fs')
const { promisify } = process.getBuiltinModule('node:util')

const syncLater = promisify(fdatasync)

/** The bytes of a file on their way: written at positions, in any order. No position or size counts what is in front. */
export interface PartFile {
  /** Where it is; `moved` tells of a new place. */
  readonly path: string
  readonly fd: number
  /** Bytes in front of byte 0, which stay zero. */
  readonly offset: number
  moved(path: string): void
  /** Writes bytes start to end of the buffer at a position before it returns. Throws disk errors. */
  writeNow(buffer: Buffer, start: number, end: number, position: number): void
  /** The same in another thread; the buffer must stay as it is until `written` is called, with an error if there was one. */
  writeLater(buffer: Buffer, start: number, end: number, position: number, written: (error: unknown) => void): void
  /** Ranges handed to `writeLater` that are not written, because that takes time or failed. */
  underWay(): Range[]
  /** Waits for writes under way; gives the first error of any `writeLater`, else null. */
  settled(): Promise<Error | null>
  /** Waits until all that was written before the call is on the disk. */
  sync(): Promise<void>
  /** Length in bytes, and when it was last written to. */
  facts(): { readonly size: number; readonly mtimeMs: number }
  truncate(size: number): void
  readonly closed: boolean
  /** The file stays where it is; closing twice is allowed. */
  close(): void
}

/**
 * Opens a part file: `create` makes a new one and fails with EEXIST when there is one (never follows a link), `resume`
 * opens what is there. `offset` bytes are left free in front.
 */
export function openPartFile(firstPath: string, mode: 'create' | 'resume', offset = 0): PartFile {
  let path = firstPath
  const fd = openSync(path, mode === 'create' ? 'wx+' : constants.O_RDWR | (constants.O_NOFOLLOW ?? 0), 0o644)
  const pending = new Set<Range>()
  const waiting: Array<() => void> = []
  let closed = false
  let open = 0
  let failure: Error | null = null

  try {
    // Also a part that was cut within them has them whole again.
    if (offset > 0 && fstatSync(fd).size < offset) setLength(offset)
  } catch (error) {
    closeSync(fd)
    throw error
  }

  function facts(): { readonly size: number; readonly mtimeMs: number } {
    const { size, mtimeMs } = fstatSync(fd)
    return { size: size - offset, mtimeMs }
  }

  function setLength(bytes: number): void {
    try {
      ftruncateSync(fd, bytes)
    } catch (error) {
      throw diskError(error, path)
    }
  }

  function writeNow(buffer: Buffer, start: number, end: number, position: number): void {
    try {
      for (let at = start; at < end;) at += writeSync(fd, buffer, at, end - at, offset + position + at - start)
    } catch (error) {
      throw diskError(error, path)
    }
  }

  function writeLater(
    buffer: Buffer,
    start: number,
    end: number,
    position: number,
    written: (error: unknown) => void,
  ): void {
    const range: Range = [position, position + end - start]
    pending.add(range)
    open++
    const settle = (error: unknown): void => {
      open--
      if (error) failure ??= asSluiceError(error)
      else pending.delete(range)
      written(error)
      if (open === 0) for (const go of waiting.splice(0)) go()
    }
    write(fd, buffer, start, end - start, offset + position, (error, count) => {
      if (error) return settle(diskError(error, path))
      if (count === end - start) return settle(null)
      try {
        writeNow(buffer, start + count, end, position + count)
        settle(null)
      } catch (rest) {
        settle(rest)
      }
    })
  }

  return {
    get path() {
      return path
    },
    fd,
    offset,
    moved(to) {
      path = to
    },
    writeNow,
    writeLater,
    underWay: () => [...pending],
    async settled() {
      if (open > 0) await new Promise<void>((resolve) => waiting.push(resolve))
      return failure
    },
    async sync() {
      try {
        await syncLater(fd)
      } catch (error) {
        throw diskError(error, path)
      }
    },
    facts,
    truncate: (size) => setLength(offset + size),
    get closed() {
      return closed
    },
    close() {
      if (closed) return
      closed = true
      if (open === 0) closeSync(fd)
      else waiting.push(() => closeSync(fd))
    },
  }
}
