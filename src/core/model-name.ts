import { digestHex } from './blob-digest.ts'
import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { safeFileName } from './file-name.ts'
import { splitModelScheme, type ModelForm } from './model-scheme.ts'
import { splitDigest, splitOciName, splitOllamaName } from './name-grammar.ts'
import { isLoopbackHost, partFault } from './name-part.ts'
import { parseRegistry, type Registry } from './registry-url.ts'

/** Where a model is, as a reference says it. */
export interface ModelName {
  /**
   * Which grammar it was written in. `ollama`: namespace and model, as the ollama command reads names. `oci`: any depth
   * of folders, written with `oci://` or `docker://`.
   */
  readonly kind: 'ollama' | 'oci'
  readonly scheme: 'https' | 'http'
  /** With its port: `registry.ollama.ai`, `127.0.0.1:5000`. */
  readonly host: string
  /** What stands between `/v2/` and `/manifests/`: `library/llama3.2`. */
  readonly repository: string
  /** `latest` where neither tag nor digest is given; null with a digest alone. */
  readonly tag: string | null
  /** `sha256:` and 64 hex digits; decides where there is a tag too. */
  readonly digest: string | null
}

/** The four folders and names of a model below `manifests/` of an Ollama store, checked. */
interface Place {
  readonly host: string
  readonly namespace: string
  readonly model: string
  readonly tag: string
}

const defaultHost = 'registry.ollama.ai'
const library = 'library/'
const dockerHub = 'registry-1.docker.io'
const dockerNames: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', dockerHub])

const modelScheme = /^(?:ollama|oci|docker):\/\//i
const registryFirst = /^(?:hf\.co|huggingface\.co|(?:registry\.)?ollama\.(?:ai|com)|ghcr\.io|docker\.io|quay\.io)\/./i
const fileOfHub = /^h[^/]+\/[^/]+\/[^/]+\/(?:resolve|raw|blob|tree)\//i
const loopbackFirst = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?:[:/]|$)/i
const piece = String.raw`[a-z\d_](?:[\w.-]*\w)?`
const tagOrDigest = String.raw`(?::\w[\w.-]{0,127})?@sha256:[\da-f]{64}|:\w[\w.-]{0,127}`
const versioned = new RegExp(`^(?:${piece}(?::\\d{1,5})?/)?(?:${piece}/)*${piece}(?:${tagOrDigest})$`, 'i')
const hostAndPort = /^(?:(?:[\w-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/i
/** The number behind the last dot belongs to a model, letters to a domain or a file. */
const word = /^(?=[\w.-]*[a-z])[a-z\d][\w-]*(?:(?:\.[\w-]+)*\.\d[\w-]*)?$/i

/**
 * Reads a model as a user types it: `[scheme://][host[:port]/][namespace/]model[:tag][@sha256:<hex>]`, or with `oci://` or
 * `docker://` any repository. Without a scheme a loopback host is asked by http, all others by https. `registry`, a base
 * URL, takes the place of the default registry. A `bad-model-name` error says what is wrong; a `usage` error says that the
 * registry is no base URL or that the name has another host.
 */
export function parseModel(text: string, options: { readonly registry?: string | undefined } = {}): ModelName {
  const registry = options.registry === undefined ? null : parseRegistry(options.registry)
  const [form, rest] = splitModelScheme(text)
  const [path, digest] = splitDigest(rest)
  const given = form.kind === 'oci' ? splitOciName(path) : splitOllamaName(path, form.scheme !== null)
  if (given.host !== null && registry !== null) compareHosts(given.host, form.scheme, registry)

  const host = apiHost(registry?.host ?? given.host ?? (form.kind === 'oci' ? dockerHub : defaultHost))
  const isShort = form.kind === 'oci' && host === dockerHub && !given.repository.includes('/')
  return {
    kind: form.kind,
    scheme: registry?.scheme ?? form.scheme ?? usualScheme(host),
    host,
    repository: isShort ? library + given.repository : given.repository,
    tag: given.tag ?? (digest === null ? 'latest' : null),
    digest,
  }
}

/** As the ollama command shows it: without the default registry and namespace; a digest, shortened, only without a tag. */
export function displayModel(name: ModelName): string {
  const version = name.tag === null ? `@${name.digest?.slice(0, 'sha256:'.length + 12)}…` : `:${name.tag}`
  return shortName(name.host, name.repository) + version
}

/**
 * The whole name, with the scheme where it is not the usual one. Of a name that was read without a registry, `parseModel`
 * makes the same name again.
 */
export function fullModel(name: ModelName): string {
  const other = name.scheme === usualScheme(name.host) ? '' : `${name.scheme}://`
  const scheme = name.kind === 'oci' ? 'oci://' : other
  const tag = name.tag === null ? '' : `:${name.tag}`
  const digest = name.digest === null ? '' : `@${name.digest}`
  return `${scheme}${name.host}/${name.repository}${tag}${digest}`
}

/** Name for files that belong to a model, made of its reference: `llama3.2-1b` of `llama3.2:1b`. A safe path component. */
export function sessionName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[/:@\\ ]/g, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'model' : safeFileName(name)
}

/**
 * Where the manifest lies in an Ollama store: with a tag there, with a digest alone under `sha256-<hex>`. A `usage` error
 * for a name that ollama could not read back: another depth than two, or a part beyond its grammar.
 */
export function manifestPlace(name: ModelName): Place {
  const parts = name.repository.split('/')
  const [namespace = '', model = ''] = parts
  const place = { host: name.host, namespace, model, tag: name.tag ?? `sha256-${digestHex(name.digest)}` }
  const fault =
    parts.length === 2 ? placeFault(place) : `"${excerpt(name.repository)}" is not a namespace and a name alone.`
  if (fault === null) return place
  throw new SluiceError('usage', `An Ollama store has no place for this name. ${fault}`, {
    hint: 'Fetch it as files or as an OCI layout instead.',
  })
}

/** As the ollama command shows the model at this place. `parseModel` and `manifestPlace` lead from there to it again. */
export function displayPlace(place: Place): string {
  return `${shortName(place.host, `${place.namespace}/${place.model}`)}:${place.tag}`
}

/** Reads host, namespace, model and tag from a path on the disk; null for what ollama would not take for a model. */
export function parsePlace(parts: readonly string[]): Place | null {
  const [host = '', namespace = '', model = '', tag = ''] = parts
  const place = { host, namespace, model, tag }
  return parts.length === 4 && placeFault(place) === null ? place : null
}

function placeFault({ host, namespace, model, tag }: Place): string | null {
  return (
    partFault('host', host) ?? partFault('namespace', namespace) ?? partFault('model', model) ?? partFault('tag', tag)
  )
}

/** Compares letter by letter, so that each place on the disk has a short name of its own. */
function shortName(host: string, repository: string): string {
  if (host !== defaultHost) return `${host}/${repository}`
  return repository.startsWith(library) ? repository.slice(library.length) : repository
}

function compareHosts(host: string, scheme: ModelForm['scheme'], registry: Registry): void {
  const isSame = apiHost(host).toLowerCase() === apiHost(registry.host)
  if (isSame && (scheme === null || scheme === registry.scheme)) return
  const named = scheme === null ? host : `${scheme}://${host}`
  throw new SluiceError(
    'usage',
    `The name says "${excerpt(named)}", the registry option "${registry.scheme}://${excerpt(registry.host)}".`,
    { hint: 'Leave the host out of the name, or leave out the registry option.' },
  )
}

function usualScheme(host: string): ModelName['scheme'] {
  return isLoopbackHost(host) ? 'http' : 'https'
}

/** Docker's registry answers at another host than its names say. */
function apiHost(host: string): string {
  return dockerNames.has(host.toLowerCase()) ? dockerHub : host
}

/**
 * Whether a text is surely meant as a model and not as an address or a file: by its scheme, a well-known registry, a tag or
 * digest at its end, or as a single word without an ending such as `.org` or `.zip`. It may still be a wrong name.
 */
export function looksLikeModel(text: string): boolean {
  if (modelScheme.test(text)) return true
  if (registryFirst.test(text)) return !fileOfHub.test(text)
  if (loopbackFirst.test(text)) return false
  return versioned.test(text) ? !hostAndPort.test(text) : word.test(text)
}
