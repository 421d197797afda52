/** What a layer is called, and the file that it becomes where it has no title. */
export interface LayerName {
  readonly title: string
  /** Stem and ending of the file apart, so that a number fits in between. */
  readonly stem: string
  readonly ending: string
  /** Several are pieces of one model, in order. */
  readonly isShard: boolean
}

const ollama = 'application/vnd.ollama.image.'
const docker = 'application/vnd.docker.ai.'

const names: ReadonlyMap<string, LayerName> = new Map([
  [`${ollama}model`, shard('model', '.gguf')],
  [`${ollama}adapter`, file('adapter', '.gguf')],
  [`${ollama}projector`, file('projector', '.gguf', 'mmproj')],
  [`${ollama}params`, file('params', '.json')],
  [`${ollama}messages`, file('messages', '.json')],
  [`${docker}gguf.v3`, shard('model', '.gguf')],
  [`${docker}safetensors`, shard('model', '.safetensors')],
  [`${docker}mmproj`, file('projector', '.gguf', 'mmproj')],
  [`${docker}license`, file('license', '')],
  [`${docker}chat.template.jinja`, file('template', '.jinja', 'chat_template')],
  [`${docker}dduf`, file('model', '.dduf')],
  [`${docker}dir.tar`, file('folder', '.tar')],
  [`${docker}vllm.config.tar`, file('vllm config', '.tar', 'vllm-config')],
  [`${docker}model.file`, file('file', '')],
])
const modelPack = /^application\/vnd\.(?:cncf|cnai)\.model\.([a-z]+(?:\.[a-z]+)?)\.v\d+\.(raw|tar|tar\+gzip|tar\+zstd)$/
const imageLayer = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./
const endings: Readonly<Record<string, string>> = {
  raw: '',
  tar: '.tar',
  'tar+gzip': '.tar.gz',
  'tar+zstd': '.tar.zst',
}

/** Readable names for layers by their media type: those of ollama, Docker Model Runner, CNCF ModelPack and images. */
export function layerName(mediaType: string): LayerName {
  const known = names.get(mediaType)
  if (known !== undefined) return known
  const own = mediaType.startsWith(ollama) ? mediaType.slice(ollama.length) : ''
  if (/^[a-z\d][a-z\d-]{0,40}$/.test(own)) return file(own, '')
  const [, kind, packing] = modelPack.exec(mediaType) ?? []
  if (kind !== undefined && packing !== undefined)
    return file(kind.replace('.', ' '), endings[packing] ?? '', kind.replace('.', '-'))
  if (isImageLayer(mediaType)) return file('layer', imageEnding(mediaType))
  return file('blob', '')
}

/** A layer of a container image, by its type. */
export function isImageLayer(mediaType: string): boolean {
  return imageLayer.test(mediaType)
}

function imageEnding(mediaType: string): string {
  if (/[.+]gzip$/.test(mediaType)) return '.tar.gz'
  return /[.+]zstd$/.test(mediaType) ? '.tar.zst' : '.tar'
}

function file(title: string, ending: string, stem = title): LayerName {
  return { title, stem, ending, isShard: false }
}

function shard(title: string, ending: string): LayerName {
  return { title, stem: title, ending, isShard: true }
}
