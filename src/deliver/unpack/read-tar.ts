import { Readable, pipeline } from 'node:stream'
import { extract } from 'tar-stream'
import type { Entry } from 'tar-stream'
import type { ArchiveEntry } from './archive-entry.ts'
import { badArchive, readingFailed, showEntry } from '../bad-archive.ts'
import { checkedTar } from './tar-frames.ts'

/**
 * The entries of a tar, in its order.
 * @throws SluiceError `bad-archive` as soon as something of it is not right; whatever `bytes` throws
 */
export async function* readTar(bytes: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry, void, void> {
  const parser = extract()
  let failure: unknown
  const ended = new Promise<void>((resolve) => {
    pipeline(Readable.from(checkedTar(bytes), { objectMode: false }), parser, (error) => {
      failure ??= error
      resolve()
    })
  })
  try {
    for await (const entry of parser) yield archiveEntry(entry)
  } catch (error) {
    failure ??= error
  } finally {
    // The input must be closed before anybody removes it.
    parser.destroy()
    await ended
  }
  if (failure) throw readingFailed(failure, '', 'The archive')
}
