import { lstat, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { artifactPath, checkDistinct } from '../core/artifact-path.ts'
import { diskError, errorCode } from '../core/disk-error.ts'
import { fileHasDigest } from './file-digest.ts'
import { foldersBelow, makeFoldersBelow } from './folders-below.ts'
import { makeFolder } from './make-folder.ts'
import { linkOrCopy, linkWhereFree, placeFile, targetExists } from './place-file.ts'
import type { IfExists } from './place-file.ts'
import { temporaryName } from './store-files.ts'
import type { ReadyBlob } from './types.ts'

export interface ArtifactFile {
  /** Relative, with `/`; checked by `core/artifact-files.ts`. */
  readonly path: string
  readonly from: ReadyBlob
  /** A packed folder, see `core/artifact-files.ts`: it stays packed. */
  readonly unpack: 'tar' | 'tar+gzip' | null
}

export interface ArtifactRequest {
  readonly dir: string
  readonly files: readonly ArtifactFile[]
  /** `skip` leaves what has the name and gives its path. */
  readonly ifExists: IfExists
  readonly signal?: AbortSignal
  readonly onWarning?: (message: string) => void
}

interface Place {
  readonly folders: readonly string[]
  readonly name: string
  readonly from: ReadyBlob
}

/**
 * Puts the files of an artifact into a folder and gives their paths, in order. Never through links, and never over a file
 * unless `ifExists` says so; one that is there with the same bytes counts as placed. What would refuse is looked for
 * before the first file is placed. Ready files stay; on the same disk both names are one file, so a ready file is to be
 * removed afterwards and not to be changed.
 * @throws SluiceError `target-exists`, `bad-manifest` for paths that lead elsewhere or meet each other, those of the disk
 */
export async function placeArtifactFiles(request: ArtifactRequest): Promise<string[]> {
  const { dir, files, ifExists, signal, onWarning } = request
  try {
    await makeFolder(dir)
    const root = await realpath(dir)
    const places = files.map((file) => placeOf(file, onWarning))
    checkDistinct(files.map(placedName))
    for (const place of places) {
      const taken =
        (await foldersBelow(root, place.folders)) && (await isTaken(join(root, ...place.folders, place.name)))
      if (taken && ifExists === 'fail' && !(await isThere(root, place, signal)))
        throw targetExists(join(root, ...place.folders, place.name))
    }

    const paths: string[] = []
    for (const place of places) {
      signal?.throwIfAborted()
      paths.push(await putInPlace(root, place, ifExists, signal))
    }
    return paths
  } catch (error) {
    throw diskError(error, dir)
  }
}

async function putInPlace(root: string, place: Place, ifExists: IfExists, signal?: AbortSignal): Promise<string> {
  const folder = await makeFoldersBelow(root, place.folders)
  const path = join(folder, place.name)
  if (await isThere(root, place, signal)) return path
  if (ifExists === 'skip' && (await isTaken(path))) return path
  if (await linkWhereFree(place.from.path, path)) return path
  const temporary = join(folder, temporaryName())
  try {
    await linkOrCopy(place.from.path, temporary)
    return await placeFile(temporary, path, ifExists)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Its bytes are there already: a file of its own, no link to one. */
async function isThere(root: string, { folders, name, from }: Place, signal?: AbortSignal): Promise<boolean> {
  const path = join(root, ...folders, name)
  return (await isFile(path)) && fileHasDigest(path, from, signal)
}

async function isTaken(path: string): Promise<boolean> {
  return (await kindOf(path)) !== null
}

async function isFile(path: string): Promise<boolean> {
  return (await kindOf(path)) === 'file'
}

async function kindOf(path: string): Promise<'file' | 'other' | null> {
  try {
    return (await lstat(path)).isFile() ? 'file' : 'other'
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw error
  }
}

function placeOf(file: ArtifactFile, onWarning?: (message: string) => void): Place {
  const path = placedName(file)
  if (path !== file.path) onWarning?.(`${file.path} is a packed folder; it was left packed, as ${path}.`)
  // Checked when the manifest was read; but this is where a path becomes a file.
  const folders = artifactPath(path).split('/')
  return { folders, name: folders.pop() ?? '', from: file.from }
}

/** The path that a file gets: its own, but for a packed folder, whose name says what it is. */
export function placedName({ path, unpack }: Pick<ArtifactFile, 'path' | 'unpack'>): string {
  if (unpack === null || /\.(?:tar(?:\.\w+)?|tgz)$/i.test(path)) return path
  return unpack === 'tar' ? `${path}.tar` : `${path}.tar.gz`
}
