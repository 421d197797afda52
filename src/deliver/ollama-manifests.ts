import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { isRecord } from '../core/json-record.ts'
import { parseManifest } from '../core/manifest.ts'
import type { Manifest } from '../core/manifest.ts'
import { parsePlace } from '../core/model-name.ts'
import { errorCode } from '../core/disk-error.ts'
import { inTurns } from './in-turns.ts'
import { readSmallFile } from './read-small-file.ts'
import type { ManifestPlace } from './types.ts'

/** A file where ollama looks for manifests, or a folder on the way there that cannot be read. */
export interface FoundManifest {
  readonly path: string
  /** Null when its folders and name are not those of a model. */
  readonly place: ManifestPlace | null
  /** SHA-256 of its bytes, hex. */
  readonly id: string
  readonly modified: Date
  /** Null when it is no manifest of one model. */
  readonly manifest: Manifest | null
  /** Digests of all blobs that it may need; null when that cannot be known. */
  readonly needs: readonly string[] | null
}

const largestManifest = 4 * 1024 * 1024
const filesAtOnce = 16
const depth = 4

/** What lies exactly four levels below `manifests/`, as ollama looks for it. Links are followed, as it does. */
export async function findManifests(root: string): Promise<FoundManifest[]> {
  const found: FoundManifest[] = []
  let folders: string[][] = [[]]
  for (let level = 1; level <= depth; level++) {
    const next: string[][] = []
    await inTurns(folders, filesAtOnce, async (parts) => {
      const names = await namesIn(join(root, ...parts))
      if (names === null) found.push(unreadable(join(root, ...parts), null))
      else for (const name of names) next.push([...parts, name])
    })
    folders = next
  }
  await inTurns(folders, filesAtOnce, async (parts) => {
    const manifest = await readManifest(join(root, ...parts), parts)
    if (manifest) found.push(manifest)
  })
  return found
}

/** None where no folder is; null where there is one that cannot be read. */
async function namesIn(folder: string): Promise<string[] | null> {
  try {
    return await readdir(folder)
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' ? [] : null
  }
}

async function readManifest(path: string, parts: readonly string[]): Promise<FoundManifest | null> {
  const place = parsePlace(parts)
  try {
    if ((await stat(path)).isDirectory()) return null
    const file = await readSmallFile(path, largestManifest)
    // What has no model's name is none for ollama either, and needs blobs only if it looks as if it were one.
    if (!file) return { ...unreadable(path, place), needs: place ? null : [] }
    const { manifest, needs } = understand(file.bytes.toString())
    const id = createHash('sha256').update(file.bytes).digest('hex')
    return { path, place, id, modified: new Date(file.mtimeMs), manifest, needs: needs ?? (place ? null : []) }
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    // Removed since the folder was read, or a link that leads nowhere.
    return code === 'ENOENT' || code === 'ELOOP' ? null : unreadable(path, place)
  }
}

function unreadable(path: string, place: ManifestPlace | null): FoundManifest {
  return { path, place, id: '', modified: new Date(0), manifest: null, needs: null }
}

function understand(text: string): Pick<FoundManifest, 'manifest' | 'needs'> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { manifest: null, needs: null }
  }
  // The manifests that an index names need further blobs; Go, which ollama is written in, reads fields in any case.
  const isIndex = isRecord(value) && Object.keys(value).some((key) => key.toLowerCase() === 'manifests')
  if (!isRecord(value) || isIndex) return { manifest: null, needs: null }
  return { manifest: manifestOrNull(text), needs: digestsIn(value) }
}

function manifestOrNull(text: string): Manifest | null {
  try {
    const parsed = parseManifest(text, null)
    return parsed.kind === 'manifest' ? parsed.manifest : null
  } catch (error) {
    if (error instanceof SluiceError) return null
    throw error
  }
}

/** Everything in a JSON value that reads like a digest, in whichever field: rather one blob too many is kept. */
function digestsIn(value: unknown): string[] {
  const digests = new Set<string>()
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') {
      const hex = /^sha256[:-]([0-9a-fA-F]{64})$/.exec(next)?.[1]
      if (hex !== undefined) digests.add(`sha256:${hex.toLowerCase()}`)
    } else if (typeof next === 'object' && next !== null) {
      for (const inner of Object.values(next)) left.push(inner)
    }
  }
  return [...digests]
}
