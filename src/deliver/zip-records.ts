import type { Entry } from 'yauzl'
import { pathKey } from '../core/artifact-path.ts'
import { badArchive, showEntry } from './bad-archive.ts'

/** Fewer than this many bytes are no bomb, however well they were packed. */
const smallBytes = 1024 * 1024
const maxRatio = 1000
const maxNameBytes = 1024
const maxSegmentBytes = 255
/** Bits 1 and 2: how well it was packed; 3: sizes behind the data; 11: the name is UTF-8 (APPNOTE 4.4.4). */
const knownFlags = 0x0002 | 0x0004 | 0x0008 | 0x0800
const fileTypes = 0o170000
const regularFile = 0o100000
const folder = 0o040000
const symbolicLink = 0o120000
const dosFolder = 0x10
/** Extra fields (APPNOTE 4.6): a name beside the name, which other programs would take instead. */
const unicodePath = 0x7075
const zip64 = 0x0001

/** Unix and OS X (APPNOTE 4.4.2.2). */
const unixHosts = [3, 19]

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The name as stored; of a program that is not of Unix, backslashes are what parts it (against APPNOTE 4.4.17.1). */
export function entryName(entry: Entry): string {
  const { fileNameRaw } = entry
  try {
    const name = decoder.decode(fileNameRaw)
    return isOfUnix(entry) ? name : name.replaceAll('\\', '/')
  } catch (error) {
    throw badArchive(`A name in the zip file is not UTF-8: ${showEntry(fileNameRaw.toString('latin1'))}.`, error)
  }
}

/** What an entry is by its mode, which only programs of Unix tell (APPNOTE 4.4.2, 4.4.15). */
export function unixMode(entry: Entry): { readonly link: boolean; readonly executable: boolean } {
  const mode = isOfUnix(entry) ? entry.externalFileAttributes >>> 16 : 0
  const link = (mode & fileTypes) === symbolicLink
  return { link, executable: !link && (mode & 0o111) !== 0 }
}

function isOfUnix({ versionMadeBy }: Entry): boolean {
  return unixHosts.includes(versionMadeBy >>> 8)
}

/**
 * Checks an entry of the directory by itself; `raw` is the directory, `at` where the entry begins in it. Links pass only
 * where `links` says so.
 * @throws SluiceError `bad-archive` that names the entry
 */
export function checkRecord(entry: Entry, raw: Buffer, at: number, links: boolean): void {
  const name = entryName(entry)
  const refuse = (reason: string): never => {
    throw badArchive(`The entry ${showEntry(name)} of the zip file ${reason}.`)
  }
  const wrongName = nameProblem(name)
  if (wrongName !== null) refuse(wrongName)
  if ((entry.generalPurposeBitFlag & 0x2041) !== 0) refuse('is encrypted')
  if ((entry.generalPurposeBitFlag & ~knownFlags) !== 0) refuse('has flags that are not known')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    refuse(`is packed by a method that is not known (${entry.compressionMethod})`)
  if (raw.readUInt16LE(at + 34) !== 0) refuse('is said to be on another disk')
  if (entry.extraFields.some(({ id }) => id === unicodePath)) refuse('has two names')
  if (entry.extraFields.filter(({ id }) => id === zip64).length > 1) refuse('has its sizes twice')

  const type = (entry.externalFileAttributes >>> 16) & fileTypes
  const isFolder = name.endsWith('/')
  const isLink = links && !isFolder && unixMode(entry).link
  if (!isLink && type !== 0 && type !== (isFolder ? folder : regularFile))
    refuse('is a link or something else that is no file')
  if (!isFolder && (entry.externalFileAttributes & dosFolder) !== 0) refuse('is a file and a folder at once')
  if (isFolder && entry.uncompressedSize !== 0) refuse('is a folder with content')
  if (entry.uncompressedSize > smallBytes && entry.uncompressedSize > maxRatio * entry.compressedSize)
    refuse(`is packed more than ${maxRatio} to 1`)
}

function nameProblem(name: string): string | null {
  if (name === '') return 'has no name'
  if (/[\x00-\x1f\x7f]/.test(name)) return 'has control characters in its name'
  if (name.includes('\\')) return 'has a backslash in its name'
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute name'
  const segments = name.replace(/\/$/, '').split('/')
  if (segments.some((segment) => segment === '..' || segment === '.' || segment === ''))
    return 'has a name that leads elsewhere'
  const tooLong = segments.some((segment) => Buffer.byteLength(segment) > maxSegmentBytes)
  return tooLong || Buffer.byteLength(name) > maxNameBytes ? 'has too long a name' : null
}

/** Refuses two entries that would be one file on some disk, and a file that another entry takes for a folder. */
export function checkNames(entries: readonly Entry[]): void {
  const seen = new Map<string, boolean>()
  const names = entries.map(entryName)
  for (const name of names) {
    const key = fold(name)
    if (seen.has(key)) throw badArchive(`The zip file has the entry ${showEntry(name)} twice.`)
    seen.set(key, name.endsWith('/'))
  }
  for (const name of names) {
    const key = fold(name)
    for (let at = key.indexOf('/'); at >= 0; at = key.indexOf('/', at + 1)) {
      if (seen.get(key.slice(0, at)) === false)
        throw badArchive(`The entry ${showEntry(name)} of the zip file lies in a file.`)
    }
  }
}

/** What disks that do not tell cases or compositions of letters apart make of a name. */
function fold(name: string): string {
  return pathKey(name.replace(/\/$/, ''))
}
