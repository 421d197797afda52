import { mkdir, rm, statfs } from 'node:fs/promises'
import { SluiceError } from '../../core/errors.ts'
import type { Unpacked, UnpackRequest } from '../archive-types.ts'
import { badArchive, readingFailed } from '../bad-archive.ts'
import { diskError, errorCode } from '../../core/disk-error.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import { archiveKind } from './archive-kind.ts'
import type { ArchiveKind } from './archive-kind.ts'
import { readTar } from './read-tar.ts'
import { unpackEntries } from './unpack-entries.ts'
import { createMeter, unpackLimits } from './unpack-meter.ts'
import type { UnpackMeter } from './unpack-meter.ts'
import { unpackedBytes } from './unpacked-bytes.ts'
import { zipEntries } from './zip-entries.ts'

type SupportedKind = Extract<ArchiveKind, 'tar.gz' | 'tar' | 'tar.zst' | 'zip'>

/**
 * Unpacks a `.tar.gz`, `.tar`, `.tar.zst` or `.zip`, told apart by their first bytes, into a new folder that only we may
 * read. All of it or nothing: one entry that is not a plain file, folder, link to a file of the archive, or hard link to an
 * earlier file, one name that is not a name on every system, any damage and any limit refuse the whole archive. Files get
 * 0644, or 0755 if anybody may run them, less the umask; owners, times and other attributes stay out. All of it is synced
 * before this returns. Entries come by path.
 * @throws SluiceError `bad-archive`; `not-the-file` for a page of a server; `not-found`; `target-exists` if the folder is
 * there; `disk-full` and others of the disk; or the reason of the signal. Nothing is left then.
 */
export async function unpackArchive(request: UnpackRequest): Promise<Unpacked> {
  const { archive, into, signal } = request
  signal?.throwIfAborted()
  const kind = supported(await archiveKind(archive))
  await makeNewFolder(into)
  try {
    const meter = createMeter({ ...unpackLimits, ...request.limits }, await freeSpace(into))
    return await unpackEntries(entriesOf(kind, meter, request), meter, request)
  } catch (error) {
    await rm(into, { recursive: true, force: true })
    signal?.throwIfAborted()
    throw readingFailed(error, into, 'The archive')
  }
}

/** Refuses what cannot be unpacked before anything is made. */
function supported(kind: ArchiveKind): SupportedKind {
  switch (kind) {
    case 'html':
      throw new SluiceError('not-the-file', 'The server sent an error page instead of the archive.', {
        hint: 'Check the address; the server may want a login, or have the file no longer.',
      })
    case 'xz':
    case '7z':
    case 'bz2':
      throw new SluiceError('bad-archive', `Archives packed with ${kind} are not supported.`, {
        hint: 'Choose a .tar.gz or .zip of the same, or unpack it with another program.',
      })
    case 'unknown':
      throw badArchive('This is no archive: neither tar, tar.gz, tar.zst nor zip.')
    default:
      return kind
  }
}

function entriesOf(kind: SupportedKind, meter: UnpackMeter, request: UnpackRequest): AsyncIterable<ArchiveEntry> {
  const { archive: path, signal } = request
  return kind === 'zip' ? zipEntries(path, meter, signal) : readTar(unpackedBytes({ path, kind, meter, signal }))
}

async function makeNewFolder(path: string): Promise<void> {
  try {
    await mkdir(path, 0o700)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw diskError(error, path)
    throw new SluiceError('target-exists', `There is something already where an archive is to be unpacked: ${path}`, {
      hint: 'Remove it, or choose another folder.',
      cause: error,
    })
  }
}

async function freeSpace(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return bavail * bsize
}
