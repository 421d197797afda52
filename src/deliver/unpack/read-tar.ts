import { Readable, pipeline } from 'node:stream'
import { extract } from 'tar-stream'
import type { ExtractEvents } from 'tar-stream'
import { badArchive, readingFailed, showEntry } from '../bad-archive.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import { checkedTar } from './tar-frames.ts'

type TarEntry = ExtractEvents['entry'][1]
type Reason = (error: unknown) => Promise<unknown>

/**
 * The entries of a tar, in its order. Whoever stops before the end gets `bytes` closed before the generator returns.
 * @throws SluiceError `bad-archive` as soon as something of it is not right; whatever `bytes` throws
 */
export async function* readTar(bytes: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry, void, void> {
  const parser = extract()
  let failure: unknown
  const closed = new Promise<void>((resolve) => {
    pipeline(Readable.from(checkedTar(bytes), { objectMode: false }), parser, (error) => {
      failure = error
      resolve()
    })
  })
  /** What went wrong with the input, rather than that the parser was destroyed for it. */
  async function reason(error: unknown): Promise<unknown> {
    parser.destroy()
    await closed
    return readingFailed(failure ?? error, '', 'The archive')
  }
  try {
    for await (const entry of parser) yield archiveEntry(entry, reason)
  } catch (error) {
    throw await reason(error)
  } finally {
    await closed
  }
  if (failure) throw await reason(failure)
}

function archiveEntry(entry: TarEntry, reason: Reason): ArchiveEntry {
  const { name, type, linkname, size, mode } = entry.header
  switch (type) {
    case 'directory':
      return { kind: 'folder', name }
    case 'symlink':
    case 'link':
      // Null where the field is empty, against its type.
      return { kind: type === 'link' ? 'hard-link' : 'link', name, target: linkname ?? '' }
    case 'file':
      return { kind: 'file', name, size, executable: (mode & 0o111) !== 0, crc: null, pieces: contentOf(entry, reason) }
    default:
      throw badArchive(`The entry ${showEntry(name)} of the archive is refused: it is of a type that is not taken.`)
  }
}

async function* contentOf(entry: TarEntry, reason: Reason): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const piece of entry) {
      if (piece instanceof Uint8Array) yield piece
    }
  } catch (error) {
    throw await reason(error)
  }
}
