import { artifactPath, checkDistinct, pathKey } from './artifact-path.ts'
import { safeFileName } from './file-name.ts'
import { isImageLayer, layerName } from './layer-names.ts'
import type { Descriptor, Manifest } from './manifest.ts'

/** One layer as a file. */
export interface ArtifactFile {
  readonly digest: string
  readonly size: number
  readonly mediaType: string
  /** Relative, `/` between its parts, safe on every system; no two are one file. */
  readonly path: string
  /**
   * The blob is a packed folder. Paths in it are relative to the folder of all files and lie within `path`, as oras and
   * modctl pack them; that is not checked here.
   */
  readonly unpack: null | 'tar' | 'tar+gzip'
}

const maxShown = 200
const ollamaLayer = 'application/vnd.ollama.image.'
const ollamaConfig = 'application/vnd.docker.container.image.v1+json'
const titleKeys = ['org.opencontainers.image.title', 'org.cncf.model.filepath', 'org.cnai.model.filepath']

/**
 * Whether it is a model that ollama can use: at least one layer is of ollama's own types. One that is run elsewhere may
 * have none at all, with the config of ollama, which is of Docker's type.
 */
export function isOllamaModel({ config, layers }: Manifest): boolean {
  if (layers.length === 0) return config.mediaType === ollamaConfig
  return layers.some(({ mediaType }) => mediaType.startsWith(ollamaLayer))
}

/**
 * What people call each blob, by digest: `model`, `template`, `license`, `license 2`, `config`, or its own title, made
 * harmless. For showing, never as a path.
 */
export function blobTitles(manifest: Manifest): ReadonlyMap<string, string> {
  const titles = new Map([[manifest.config.digest, 'config']])
  const seen = new Map<string, number>()
  for (const layer of manifest.layers) {
    if (titles.has(layer.digest)) continue
    const title = shownTitle(ownTitle(layer)) ?? layerName(layer.mediaType).title
    const number = (seen.get(title) ?? 0) + 1
    seen.set(title, number)
    titles.set(layer.digest, number === 1 ? title : `${title} ${number}`)
  }
  return titles
}

/**
 * The files that the layers become, in their order: by title, else by the kind of layer (`model.gguf`, `license-2`). The
 * config is one only if there is nothing else. Throws `bad-manifest` for a title that leads elsewhere, is no file name on
 * some system, or is there twice.
 */
export function artifactFiles(manifest: Manifest): readonly ArtifactFile[] {
  const { config, layers } = manifest
  if (layers.length === 0) return [toFile(config, 'config.json', null)]
  const titled = new Map<Descriptor, string>()
  for (const layer of layers) {
    const title = ownTitle(layer)
    if (title !== null) titled.set(layer, artifactPath(title))
  }
  const untitled = layers.filter((layer) => !titled.has(layer))
  const names = namesByKind(untitled, new Set([...titled.values()].map(pathKey)))

  const files = new Map<string, ArtifactFile>()
  for (const layer of layers) {
    const title = titled.get(layer)
    const path = title ?? names.get(layer.digest) ?? ''
    files.set(`${layer.digest} ${path}`, toFile(layer, path, title === undefined ? null : packing(layer)))
  }
  checkDistinct([...files.values()].map(({ path }) => path))
  return [...files.values()]
}

function toFile({ digest, size, mediaType }: Descriptor, path: string, unpack: ArtifactFile['unpack']): ArtifactFile {
  return { digest, size, mediaType, path, unpack }
}

/** Names by digest for layers without a title; none is a title. Equal blobs are one file. */
function namesByKind(layers: readonly Descriptor[], taken: Set<string>): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const shards = new Map<string, Set<string>>()
  for (const { digest, mediaType } of layers) {
    const { stem, ending, isShard } = layerName(mediaType)
    if (isShard) shards.set(stem + ending, (shards.get(stem + ending) ?? new Set()).add(digest))
  }
  const numbers = new Map<string, number>()
  for (const { digest, mediaType } of layers) {
    if (names.has(digest)) continue
    const { stem, ending, isShard } = layerName(mediaType)
    const count = isShard ? (shards.get(stem + ending)?.size ?? 1) : 1
    let path: string
    do {
      const number = (numbers.get(stem + ending) ?? 0) + 1
      numbers.set(stem + ending, number)
      path = stem + numbering(number, count) + ending
    } while (count === 1 && taken.has(path))
    names.set(digest, path)
  }
  return names
}

/** `-00001-of-00003` for pieces, as llama.cpp looks for them; `-2` for the second of others. */
function numbering(number: number, count: number): string {
  if (count > 1) return `-${String(number).padStart(5, '0')}-of-${String(count).padStart(5, '0')}`
  return number === 1 ? '' : `-${number}`
}

function ownTitle({ annotations, mediaType, name }: Descriptor): string | null {
  const key = titleKeys.find((title) => Object.hasOwn(annotations, title))
  if (key !== undefined) return annotations[key] ?? null
  return mediaType.startsWith(ollamaLayer) ? (name ?? null) : null
}

function shownTitle(title: string | null): string | null {
  if (title === null || title === '') return null
  return title.slice(0, maxShown).split('/').map(safeFileName).join('/')
}

/** A titled image layer is a plain file unless oras says otherwise: that is the type it gives to all files. */
function packing({ annotations, mediaType }: Descriptor): ArtifactFile['unpack'] {
  if (annotations['io.deis.oras.content.unpack'] === 'true') return mediaType.endsWith('tar') ? 'tar' : 'tar+gzip'
  if (isImageLayer(mediaType)) return null
  const { ending } = layerName(mediaType)
  if (ending === '.tar') return 'tar'
  return ending === '.tar.gz' ? 'tar+gzip' : null
}
