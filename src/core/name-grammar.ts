import { SluiceError } from './errors.ts'
import { excerpt, showCharacter } from './excerpt.ts'
import { hostFault, partFault } from './name-part.ts'

/** The parts of a name as they were written; null where one was left out. */
export interface NameParts {
  readonly host: string | null
  readonly repository: string
  readonly tag: string | null
}

/** Bytes of host and repository together (OCI distribution-spec). */
const maxOciName = 255
const ociComponent = /^[a-z\d]+(?:(?:\.|__?|-+)[a-z\d]+)*$/
const ociTag = /^\w[\w.-]{0,127}$/
const digestForm = /^sha256:[a-f\d]{64}$/

/** Takes `@sha256:<hex>` from the end of a name. */
export function splitDigest(text: string): readonly [name: string, digest: string | null] {
  const at = text.lastIndexOf('@')
  if (at < 0) return [text, null]
  // Shown nowhere: what stands before may be a password.
  if (at < text.lastIndexOf('/') || text.indexOf('@') < at)
    throw bad('A model name holds no user and no password.', 'Log in with docker login; Sluice reads what it stores.')
  const digest = text.slice(at + 1)
  if (digestForm.test(digest)) return [text.slice(0, at), digest]
  if (/^sha512:/i.test(digest)) throw bad('Sluice knows models by sha256 digests only, not by sha512.')
  if (digestForm.test(digest.toLowerCase())) throw bad('The hex digits of a digest must be lower case.')
  throw bad(`After "@" stands "${excerpt(digest)}"; it must be sha256: and 64 hex digits.`)
}

/**
 * `[host[:port]/][namespace/]model[:tag]`, as the ollama command reads names. Without a namespace it is `library`. With
 * `needsHost` all three parts must be there.
 */
export function splitOllamaName(text: string, needsHost: boolean): NameParts {
  const [path, tag] = splitTag(text)
  const parts = path.split('/')
  if (parts.length > 3) {
    throw bad(
      `"${excerpt(text)}" has ${parts.length} parts; a model has at most three: host, namespace and model.`,
      'Write oci:// in front for a registry with deeper names.',
    )
  }
  const [model = '', namespace, host = null] = parts.toReversed()
  const [first = ''] = parts
  const looksLikeHost = parts.length === 2 && /[:.]/.test(first) && hostFault(first) === null
  if (host === null && (needsHost || looksLikeHost)) {
    throw bad(
      `"${excerpt(first)}" stands where a host does, without a namespace and a model after it.`,
      'Write it as host/namespace/model:tag; the namespace may be library.',
    )
  }
  const fault =
    (host === null ? null : hostFault(host)) ??
    (namespace === undefined ? null : partFault('namespace', namespace)) ??
    partFault('model', model) ??
    (tag === null ? null : partFault('tag', tag))
  if (fault !== null) throw bad(fault)
  return { host, repository: `${namespace ?? 'library'}/${model}`, tag }
}

/**
 * `[host[:port]/]repository[:tag]` with a repository of any depth. The first part is a host if it has a `.` or `:` or is
 * `localhost`, and something follows it.
 */
export function splitOciName(text: string): NameParts {
  const [path, tag] = splitTag(text)
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(slash, 0))
  const host = first !== '' && (/[.:]/.test(first) || first === 'localhost') ? first : null
  const repository = host === null ? path : path.slice(slash + 1)
  if (slash < 0 && /\.[a-z]{2,}$/.test(path))
    throw bad(`"${excerpt(path)}" is a host without a repository.`, 'Write it as oci://host/repository:tag.')
  const fault =
    (host === null ? null : hostFault(host)) ?? repositoryFault(repository) ?? (tag === null ? null : tagFault(tag))
  if (fault !== null) throw bad(fault, 'Write it as oci://host/repository:tag.')
  const length = (host?.length ?? 0) + repository.length
  if (length > maxOciName)
    throw bad(`Host and repository have ${length} characters; at most ${maxOciName} are allowed.`)
  return { host, repository, tag }
}

function splitTag(text: string): readonly [path: string, tag: string | null] {
  const colon = text.lastIndexOf(':')
  return colon > text.lastIndexOf('/') ? [text.slice(0, colon), text.slice(colon + 1)] : [text, null]
}

function repositoryFault(repository: string): string | null {
  if (repository === '') return 'The repository is empty.'
  for (const part of repository.split('/')) {
    if (ociComponent.test(part)) continue
    if (part === '') return `The repository "${excerpt(repository)}" has an empty part.`
    const wrong = /[^a-z\d._-]/u.exec(part)?.[0]
    if (wrong === undefined)
      return `"${excerpt(part)}" is no part of a repository: ".", "_", "__" and "-" stand between letters or digits.`
    const lower = /[A-Z]/.test(wrong) ? '; a repository is lower case' : ''
    return `The repository "${excerpt(repository)}" contains ${showCharacter(wrong)}${lower}.`
  }
  return null
}

function tagFault(tag: string): string | null {
  if (ociTag.test(tag)) return null
  if (tag === '') return 'The tag is empty.'
  const wrong = /[^\w.-]/u.exec(tag)?.[0]
  if (wrong !== undefined) return `The tag "${excerpt(tag)}" contains ${showCharacter(wrong)}.`
  if (tag.length > 128) return `The tag has ${tag.length} characters; at most 128 are allowed.`
  return `The tag "${excerpt(tag)}" begins with ${showCharacter(tag)}.`
}

function bad(message: string, hint?: string): SluiceError {
  return new SluiceError('bad-model-name', message, hint === undefined ? {} : { hint })
}
