import { crc32 } from 'node:zlib'
import type { TreeEntry, Unpacked, UnpackRequest } from '../archive-types.ts'
import { badArchive, showEntry } from '../bad-archive.ts'
import type { ArchiveEntry, FileEntry, LinkEntry } from './archive-entry.ts'
import { createArchiveMap } from './archive-map.ts'
import type { ArchiveMap } from './archive-map.ts'
import { entryPath, nameProblem } from './entry-path.ts'
import { resolveLinks } from './resolve-links.ts'
import { createTreeWriter } from './tree-writer.ts'
import type { TreeWriter } from './tree-writer.ts'
import type { UnpackMeter } from './unpack-meter.ts'

/** What unpacking has come to. */
interface Work {
  readonly request: UnpackRequest
  readonly meter: UnpackMeter
  readonly writer: TreeWriter
  readonly map: ArchiveMap
  /** Targets of the links that came, by their paths. */
  readonly links: Map<string, string>
  /** What was made, by its path. */
  readonly made: Map<string, TreeEntry>
}

/**
 * Makes in the empty folder `request.into` what the entries say; links are made when all else is there.
 * @throws SluiceError `bad-archive` that names the entry, what the entries and the meter throw, those of the disk; or the
 * reason of the signal
 */
export async function unpackEntries(
  entries: AsyncIterable<ArchiveEntry>,
  meter: UnpackMeter,
  request: UnpackRequest,
): Promise<Unpacked> {
  const writer = createTreeWriter(request.into)
  const work: Work = { request, meter, writer, map: createArchiveMap(), links: new Map(), made: new Map() }
  for await (const entry of entries) {
    request.signal?.throwIfAborted()
    const path = entryPath(entry.name)
    meter.entry(work.map.size)
    if (entry.kind === 'folder') {
      if (path !== '') await takeFolder(work, path)
      continue
    }
    if (path === '' || entry.name.endsWith('/')) throw refused(entry.name, 'it is named as a folder, and is none')
    if (entry.kind === 'file') await takeFile(work, path, entry)
    else if (entry.kind === 'hard-link') await takeHardLink(work, path, entry)
    else takeLink(work, path, entry)
  }
  await makeLinks(work)
  await writer.finish(request.signal)
  const made = Array.from(work.made.values())
  return {
    entries: made.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    bytes: made.reduce((sum, { size }) => sum + size, 0),
  }
}

async function takeFolder({ request, writer, map }: Work, path: string): Promise<void> {
  map.add(path, 'folder')
  if (isWanted(request, path)) await writer.folder(path)
}

async function takeFile({ request, meter, writer, map, made }: Work, path: string, entry: FileEntry): Promise<void> {
  map.add(path, 'file')
  const wanted = isWanted(request, path)
  meter.file(path, entry.size, wanted)
  const mode = entry.executable ? 0o755 : 0o644
  const written = wanted ? await writer.file(path, entry.pieces, mode) : await measure(entry.pieces)
  if (written.size !== entry.size) throw refused(path, 'its content has another size than it says')
  if (entry.crc !== null && written.crc !== entry.crc) throw refused(path, 'its content is damaged')
  if (wanted) made.set(path, { path, kind: 'file', size: written.size, sha256: written.sha256, mode })
}

/** A second name of an earlier file becomes a file of its own. */
async function takeHardLink(work: Work, path: string, { target }: LinkEntry): Promise<void> {
  const problem = nameProblem(target)
  if (problem !== null) throw refused(path, `it is a hard link to ${showEntry(target)}, which ${problem}`)
  const source = entryPath(target)
  if (work.map.at(source) !== 'file')
    throw refused(path, `it is a hard link to ${showEntry(target)}, which is no earlier file of the archive`)
  work.map.add(path, 'file')
  await copyTo(work, source, path)
}

function takeLink({ map, links }: Work, path: string, { target }: LinkEntry): void {
  map.add(path, 'link')
  links.set(path, target)
}

async function makeLinks(work: Work): Promise<void> {
  const { request, writer, map, links, made } = work
  const { copyLinks = process.platform === 'win32', mendLinks: mend, onWarning } = request
  for (const [path, { target, file, through }] of resolveLinks({ map, links, mend, onWarning })) {
    request.signal?.throwIfAborted()
    const source = made.get(file)
    if (copyLinks || source === undefined || !through.every((link) => isWanted(request, link)))
      await copyTo(work, file, path)
    else if (isWanted(request, path)) {
      await writer.link(path, target, file)
      made.set(path, { path, kind: 'link', size: 0, sha256: '', mode: source.mode, target })
    }
  }
}

/** Copies a file that was made. Where only the copy was wanted there is nothing to copy. */
async function copyTo({ request, meter, writer, made }: Work, from: string, path: string): Promise<void> {
  if (!isWanted(request, path)) return
  const source = made.get(from)
  if (source === undefined) {
    const shown = [path, from].map(showEntry)
    request.onWarning?.(`The link ${shown[0]} of the archive was left out, as ${shown[1]} is not wanted.`)
    return
  }
  meter.file(path, source.size, true)
  await writer.copy(from, path)
  made.set(path, { ...source, path })
}

async function measure(pieces: AsyncIterable<Uint8Array>): Promise<{ size: number; crc: number; sha256: '' }> {
  let [size, crc] = [0, 0]
  for await (const piece of pieces) {
    size += piece.length
    crc = crc32(piece, crc)
  }
  return { size, crc, sha256: '' }
}

function isWanted({ wanted }: UnpackRequest, path: string): boolean {
  return wanted?.(path) ?? true
}

function refused(name: string, reason: string): Error {
  return badArchive(`The entry ${showEntry(name)} of the archive is refused: ${reason}.`)
}
