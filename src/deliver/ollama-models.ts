import type { Descriptor, Manifest } from '../core/manifest.ts'
import { SluiceError } from '../core/errors.ts'
import { displayPlace, manifestPlace, parseModel } from '../core/model-name.ts'
import { errorCode } from '../core/disk-error.ts'
import { inTurns } from './in-turns.ts'
import { statOrNull } from './ollama-blobs.ts'
import { blobPath } from './ollama-context.ts'
import type { StoreContext } from './ollama-context.ts'
import { findManifests } from './ollama-manifests.ts'
import type { FoundManifest } from './ollama-manifests.ts'
import { readSmallFile } from './read-small-file.ts'
import type { InstalledModel, ManifestPlace } from './types.ts'

const largestConfig = 1024 * 1024
const longestWord = 80
const modelsAtOnce = 16
/** How many odd files a warning names. */
const mostNamed = 3

/** See `OllamaStore.list`. */
export async function listModels(context: StoreContext): Promise<InstalledModel[]> {
  const found = await findManifests(context.manifests)
  const sizes = new Map<string, Promise<number | null>>()
  const models: InstalledModel[] = []
  await inTurns(found, modelsAtOnce, async (one) => {
    if (one.place && one.manifest) models.push(await describe(context, one, one.place, one.manifest, sizes))
  })
  warnOfOthers(context, found)
  return models.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.fullName < b.fullName ? -1 : 1))
}

/** All blobs of a manifest, each once, its config first. */
export function blobsOf({ config, layers }: Manifest): readonly Descriptor[] {
  const seen = new Set<string>()
  return [config, ...layers].filter(({ digest }) => !seen.has(digest) && seen.add(digest))
}

/**
 * The manifest that a name means: as shown or whole, in any case, the same spelling first.
 * @throws SluiceError `not-found`, `bad-model-name`
 */
export function pickByName(
  found: readonly FoundManifest[],
  name: string,
): FoundManifest & { readonly place: ManifestPlace } {
  const placed = found.flatMap((one) => (one.place ? [{ ...one, place: one.place }] : []))
  const names = (place: ManifestPlace): string[] => {
    const both = [displayPlace(place), fullName(place)]
    return [...both, ...both.filter((one) => one.endsWith(':latest')).map((one) => one.slice(0, -':latest'.length))]
  }
  const lower = name.toLowerCase()
  const picked =
    placed.find(({ place }) => names(place).includes(name)) ??
    placed.find(({ place }) => names(place).some((one) => one.toLowerCase() === lower)) ??
    pickByPlace(placed, manifestPlace(parseModel(name)))
  if (picked) return picked
  const last = lower.split('/').at(-1) ?? lower
  const near = placed.find(({ place }) => names(place).some((one) => one.toLowerCase().split('/').at(-1) === last))
  throw new SluiceError('not-found', `There is no model ${name} in this store.`, {
    hint: near
      ? `Is it ${displayPlace(near.place)}? sluice models shows all.`
      : 'sluice models shows those that are there.',
  })
}

function pickByPlace<T extends { readonly place: ManifestPlace }>(
  found: readonly T[],
  place: ManifestPlace,
): T | undefined {
  const wanted = fullName(place).toLowerCase()
  return found.find((one) => fullName(one.place).toLowerCase() === wanted)
}

function fullName({ host, namespace, model, tag }: ManifestPlace): string {
  return `${host}/${namespace}/${model}:${tag}`
}

async function describe(
  context: StoreContext,
  found: FoundManifest,
  place: ManifestPlace,
  manifest: Manifest,
  sizes: Map<string, Promise<number | null>>,
): Promise<InstalledModel> {
  const blobs = blobsOf(manifest)
  const missing: string[] = []
  for (const { digest, size } of blobs) {
    const there = sizes.get(digest) ?? sizeOf(blobPath(context, digest))
    sizes.set(digest, there)
    if ((await there) !== size) missing.push(digest)
  }
  const config = missing.includes(manifest.config.digest)
    ? {}
    : await readConfig(blobPath(context, manifest.config.digest))
  return {
    name: displayPlace(place),
    fullName: fullName(place),
    id: found.id,
    size: blobs.reduce((sum, blob) => sum + blob.size, 0),
    modifiedAt: found.modified.toISOString(),
    manifestPath: found.path,
    family: word(config['model_family']),
    parameters: word(config['model_type']),
    quantization: word(config['file_type']),
    blobs: blobs.map(({ digest, size, mediaType }) => ({ digest, size, mediaType })),
    missing,
  }
}

/** Null for what is no file or may not be looked at. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const file = await statOrNull(path)
    return file?.isFile() ? file.size : null
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return null
  }
}

/** The fields of a model's config; none where it cannot be read or is something else. */
async function readConfig(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const file = await readSmallFile(path, largestConfig)
    const value: unknown = file ? JSON.parse(file.bytes.toString()) : null
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch (error) {
    if (error instanceof SyntaxError || errorCode(error) !== undefined) return {}
    throw error
  }
}

/** A short text without control characters, else null: anybody can write a config. */
function word(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value.length <= longestWord && !/\p{C}/u.test(value)
    ? value
    : null
}

function warnOfOthers({ warn, manifests }: StoreContext, found: readonly FoundManifest[]): void {
  const odd = found.filter(({ place, manifest }) => !place || !manifest).map(({ path }) => path)
  if (odd.length === 0) return
  const named = odd.sort().slice(0, mostNamed).join(', ')
  const more = odd.length > mostNamed ? ` and ${odd.length - mostNamed} more` : ''
  warn(`What is no readable manifest of a model was left out of the list of ${manifests}: ${named}${more}`)
}
