import { readFile, stat } from 'node:fs/promises'
import { codeOf } from '../../wire/socket-errors.ts'
import { tokenUser } from './credentials.ts'
import type { Credentials } from './credentials.ts'
import type { CredentialNames } from './registry-address.ts'

/** A configuration file of docker (`config.json`) or of podman and skopeo (`auth.json`). */
export interface DockerConfig {
  readonly auths: ReadonlyMap<string, unknown>
  readonly helpers: ReadonlyMap<string, unknown>
  /** Name of the helper for all hosts without one of their own. */
  readonly store: unknown
}

const maxBytes = 1024 * 1024

/**
 * Reads a file; null when it is not there. Rejects with an Error whose message is a sentence without content of the file.
 */
export async function readDockerConfig(path: string): Promise<DockerConfig | null> {
  let text: string
  try {
    const { size } = await stat(path)
    if (size > maxBytes) throw new Error(`${path} is larger than any right one.`)
    text = await readFile(path, 'utf8')
  } catch (cause) {
    const code = codeOf(cause)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw code === '' ? cause : new Error(`${path} cannot be read (${code}).`, { cause })
  }
  const json = parse(text)
  if (json === null) throw new Error(`${path} is no JSON object.`)
  return { auths: entries(json.get('auths')), helpers: entries(json.get('credHelpers')), store: json.get('credsStore') }
}

/** The helper that keeps the login, null for none. The one of a host wins over the one for all. */
export function helperFor({ helpers, store }: DockerConfig, names: CredentialNames): string | null {
  const own = names.keys.map((key) => helpers.get(key)).find((name) => typeof name === 'string' && name !== '')
  const name = own ?? store
  return typeof name === 'string' && name !== '' ? name : null
}

/** The login that stands in the file itself, under the longest key. */
export function storedLogin({ auths }: DockerConfig, names: CredentialNames): Credentials | null {
  const exact = names.keys.find((key) => auths.has(key))
  const written = exact ?? [...auths.keys()].find((key) => names.hosts.includes(hostOfAddress(key)))
  return written === undefined ? null : credentialsOf(entries(auths.get(written)))
}

function credentialsOf(entry: ReadonlyMap<string, unknown>): Credentials | null {
  const text = (name: string): string => {
    const value = entry.get(name)
    return typeof value === 'string' ? value : ''
  }
  const decoded = Buffer.from(text('auth'), 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  const username = colon < 0 ? text('username') : decoded.slice(0, colon)
  // Old programs fill up with NUL bytes.
  const password = colon < 0 ? text('password') : decoded.slice(colon + 1).replace(/\u0000+$/, '')
  if (text('registrytoken') !== '') return { kind: 'bearer', token: text('registrytoken') }
  if (text('identitytoken') !== '') return { kind: 'identity', username, token: text('identitytoken') }
  if (username === tokenUser && password !== '') return { kind: 'identity', username: '', token: password }
  return username === '' && password === '' ? null : { kind: 'password', username, password }
}

/** `https://host/v1/`, as early dockers wrote it; '' for another form. */
function hostOfAddress(key: string): string {
  return /^https?:\/\/([^/]+)(?:\/(?:v[12]\/?)?)?$/i.exec(key)?.[1]?.toLowerCase() ?? ''
}

function parse(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? entries(json) : null
  } catch {
    // The caller says which file it was; the parser's words would show content.
    return null
  }
}

function entries(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [])
}
