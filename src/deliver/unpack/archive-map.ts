import { pathKey } from '../../core/artifact-path.ts'
import { badArchive, showEntry } from '../bad-archive.ts'

export type PlaceKind = 'folder' | 'file' | 'link'

/** What an archive has at which path, folders that no entry names included. */
export interface ArchiveMap {
  /** All places, folders included. */
  readonly size: number
  /** What is there, spelled exactly so. */
  at(path: string): PlaceKind | undefined
  /**
   * Adds an entry and the folders above it. A folder may come twice.
   * @throws SluiceError `bad-archive` where two entries would be one file on some disk, or one lies in what is no folder
   */
  add(path: string, kind: PlaceKind): void
}

export function createArchiveMap(): ArchiveMap {
  const kinds = new Map<string, PlaceKind>()
  /** Spelling of each place, by what disks make of it that do not tell cases or compositions of letters apart. */
  const spellings = new Map<string, string>()

  function put(path: string, kind: PlaceKind, entry: string): void {
    const there = kinds.get(path)
    if (there === 'folder' && kind === 'folder') return
    const slash = path.lastIndexOf('/')
    if (slash >= 0) put(path.slice(0, slash), 'folder', entry)
    const key = pathKey(path)
    const spelling = spellings.get(key)
    if (spelling !== undefined) throw conflict(entry, path, spelling, kinds.get(spelling) === 'link')
    spellings.set(key, path)
    kinds.set(path, kind)
  }

  return {
    get size() {
      return kinds.size
    },
    at: (path) => kinds.get(path),
    add: (path, kind) => put(path, kind, path),
  }
}

function conflict(entry: string, path: string, spelling: string, isLink: boolean): Error {
  const shown = showEntry(entry)
  if (entry !== path && isLink)
    return badArchive(`The entry ${shown} of the archive lies behind the link ${showEntry(spelling)}.`)
  if (entry === spelling) return badArchive(`The archive has the entry ${shown} twice.`)
  return badArchive(
    `The entry ${shown} of the archive is in the way of ${showEntry(spelling)}, on some systems at least.`,
  )
}
