import { rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { mendLink } from '../core/llama-era.ts'
import { libraryNames, mainLibrary } from '../core/llama-library.ts'
import type { TargetPlatform } from '../core/release.ts'
import type { TreeEntry } from '../deliver/archive-types.ts'
import { badArchive, showEntry } from '../deliver/bad-archive.ts'
import { unpackArchive } from '../deliver/unpack/unpack-archive.ts'
import { recordName } from './cache/tree-record.ts'
import { mergeCompanion } from './merge-companion.ts'

const companionName = '.companion'
/** How names begin that a tree has besides what its archive holds. */
const ownNames: readonly string[] = [recordName, companionName]

export interface BuildRequest {
  readonly tag: string
  readonly target: TargetPlatform
  /** Paths of archives. */
  readonly archive: string
  readonly companion: string | null
  readonly mendLinks: boolean
  readonly signal?: AbortSignal | undefined
  readonly onWarning: (message: string) => void
}

/**
 * Unpacks an archive, and its companion beside the backends, into an empty folder. `bad-archive` where it holds no
 * library, or the companion has another file of the same name.
 */
export async function buildTree(
  folder: string,
  { tag, target, archive, companion, mendLinks, signal, onWarning }: BuildRequest,
): Promise<{ readonly library: string; readonly files: readonly TreeEntry[] }> {
  // Unpacking makes its folder itself, so that nothing can be in it.
  await rmdir(folder)
  const common = { onWarning, ...(signal === undefined ? {} : { signal }) }
  const { entries } = await unpackArchive({
    ...common,
    archive,
    into: folder,
    ...(mendLinks ? { mendLinks: mendLink(tag) } : {}),
  })
  const taken = entries.find(({ path }) => ownNames.some((name) => path.toLowerCase().startsWith(name)))
  if (taken !== undefined)
    throw badArchive(`The archive holds ${showEntry(taken.path)}, a name that Sluice uses itself.`)
  const library = mainLibrary(
    entries.map(({ path }) => path),
    target,
    tag,
  )
  if (library === null)
    throw new SluiceError('bad-archive', `The archive holds no library: ${libraryNames(target).main} is missing.`, {
      hint: 'Take another version.',
    })
  if (companion === null) return { library, files: entries }
  const apart = join(folder, companionName)
  try {
    const { entries: added } = await unpackArchive({ ...common, archive: companion, into: apart })
    const files = await mergeCompanion(folder, entries, library, apart, added)
    return { library, files }
  } finally {
    await rm(apart, { recursive: true, force: true })
  }
}
