import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { errorCode } from '../core/disk-error.ts'
import { readSmallFile } from './read-small-file.ts'

/** The file `oci-layout` (image-spec, image-layout.md). */
export const layoutFile = '{"imageLayoutVersion":"1.0.0"}\n'

const refNameKey = 'org.opencontainers.image.ref.name'
const maxIndexBytes = 4 * 1024 * 1024

type JsonObject = Readonly<Record<string, unknown>>

/** An `index.json` with all that it says. */
export interface LayoutIndex extends JsonObject {
  readonly manifests: readonly JsonObject[]
}

/**
 * The index of a layout, null where there is none yet.
 * @throws SluiceError `target-exists` for a damaged one, or one of another version, or a folder that has files of its
 * names and is no layout
 */
export async function readLayout(dir: string): Promise<LayoutIndex | null> {
  const marker = await readJson(dir, 'oci-layout')
  const index = await readJson(dir, 'index.json')
  if (marker === undefined) {
    if (index !== undefined || (await exists(join(dir, 'blobs'))))
      throw refused(dir, 'holds something that is no image layout')
    return null
  }
  if (!isObject(marker) || marker['imageLayoutVersion'] !== '1.0.0')
    throw refused(dir, 'has a damaged or newer oci-layout file')
  // A crash may have come before the index.
  if (index === undefined) return { schemaVersion: 2, mediaType: indexType, manifests: [] }
  if (!isIndex(index)) throw refused(dir, 'has a damaged index.json')
  return index
}

const indexType = 'application/vnd.oci.image.index.v1+json'

/** The text of the index with one manifest more; the one that had the name before is left out. */
export function nextIndex(
  before: LayoutIndex | null,
  manifest: { readonly mediaType: string; readonly digest: string; readonly size: number },
  refName: string,
): string {
  const others = before?.manifests.filter((one) => nameOf(one) !== refName) ?? []
  const added = { ...manifest, annotations: { [refNameKey]: refName } }
  const index = { schemaVersion: 2, mediaType: indexType, ...before, manifests: [...others, added] }
  return `${JSON.stringify(index, null, 2)}\n`
}

function nameOf({ annotations }: JsonObject): unknown {
  return isObject(annotations) ? annotations[refNameKey] : undefined
}

function isIndex(value: unknown): value is LayoutIndex {
  if (!isObject(value) || value['schemaVersion'] !== 2 || !Array.isArray(value['manifests'])) return false
  return value['manifests'].every(
    (one: unknown) => isObject(one) && typeof one['digest'] === 'string' && typeof one['size'] === 'number',
  )
}

/** Undefined where there is no such file; null for one that is no JSON. */
async function readJson(dir: string, name: string): Promise<unknown> {
  const path = join(dir, name)
  try {
    if (!(await lstat(path)).isFile()) return null
    const file = await readSmallFile(path, maxIndexBytes)
    return file === null ? null : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file.bytes))
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    if (error instanceof SyntaxError || error instanceof TypeError) return null
    throw error
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(dir: string, what: string): SluiceError {
  return new SluiceError('target-exists', `The folder ${what}: ${dir}`, {
    hint: 'Nothing was changed. Move it away, or choose another folder.',
  })
}
