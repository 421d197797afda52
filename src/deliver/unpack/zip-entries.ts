import { stat } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { badArchive, showEntry } from '../bad-archive.ts'
import { openZip } from '../read-zip.ts'
import type { ZipEntry } from '../read-zip.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import type { UnpackMeter } from './unpack-meter.ts'

/** More than any target may have; what is longer is not read. */
const maxTargetBytes = 4096
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The entries of a zip, in the order of its directory. The sizes that all of them claim are measured before the first one.
 * @throws SluiceError as `openZip`, and what the meter says
 */
export async function* zipEntries(
  path: string,
  meter: UnpackMeter,
  signal?: AbortSignal,
): AsyncGenerator<ArchiveEntry, void, void> {
  const zip = await openZip(path, signal, { links: true })
  try {
    meter.stream(
      zip.entries.reduce((sum, { size }) => sum + size, 0),
      (await stat(path)).size,
    )
    for (const entry of zip.entries) yield await archiveEntry(entry, signal)
  } finally {
    zip.close()
  }
}

async function archiveEntry(entry: ZipEntry, signal?: AbortSignal): Promise<ArchiveEntry> {
  const { name, size, crc, executable } = entry
  if (entry.folder) return { kind: 'folder', name }
  if (entry.link) return { kind: 'link', name, target: await readTarget(entry, signal) }
  return { kind: 'file', name, size, executable, crc, pieces: entry.pieces(signal) }
}

/** The target of a link is its content. */
async function readTarget(entry: ZipEntry, signal?: AbortSignal): Promise<string> {
  const refuse = (reason: string, cause?: unknown): Error =>
    badArchive(`The link ${showEntry(entry.name)} of the archive is refused: its target ${reason}.`, cause)
  if (entry.size > maxTargetBytes) throw refuse('is too long')
  const pieces: Buffer[] = []
  for await (const piece of entry.pieces(signal)) pieces.push(Buffer.from(piece))
  const bytes = Buffer.concat(pieces)
  if (crc32(bytes) !== entry.crc) throw refuse('is damaged')
  try {
    return decoder.decode(bytes)
  } catch (error) {
    throw refuse('is not UTF-8', error)
  }
}
