import { asSluiceError } from '../../src/core/errors.ts'
import { parseHttpUrl } from '../../src/core/url.ts'
import type { SourceKind } from './kinds.ts'

/** Why a text cannot be fetched. `detail` is what the sentence names; for `other` it is the sentence itself. */
export interface Problem {
  readonly reason: 'scheme' | 'blank' | 'host' | 'too-long' | 'word' | 'unknown' | 'other'
  readonly detail: string
}

export type One =
  | { readonly kind: SourceKind; readonly reference: string }
  | { readonly kind: 'wrong'; readonly problem: Problem }

/** As many characters as the daemon takes. */
const longest = 8192
const registries = /^(?:hf\.co|huggingface\.co|(?:registry\.)?ollama\.(?:ai|com)|ghcr\.io|docker\.io|quay\.io)\//i
const name = '[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?'
const version = '(?::[\\w][\\w.-]{0,127}|@sha256:[0-9a-f]{64})'
const modelWithVersion = new RegExp(`^(?:${name}(?::\\d{1,5})?/)?(?:${name}/)*${name}${version}$`, 'i')
const llama = /^llama\.cpp(?:@[\w.-]{1,100})?$/i
const release = /^[a-z\d](?:[a-z\d-]{0,38})\/[\w.-]{1,100}(?:@[^\s@]{1,200})?$/i
const localHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:[/?#]|$)/i
const namedHost = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::\d{1,5})?(?:[/?#]|$)/iu
const numberedHost = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:[/?#]|$)/
/** A word with a number in it is how models are called: `phi3`, `llama3.2`. Other words are just words. */
const modelWord = /^(?=[a-z0-9._-]*\d)[a-z][a-z0-9._-]*$/i

/** What one reference is; an address that lacks its scheme gets the likely one. */
export function recogniseOne(text: string): One {
  if (text.length > longest) return wrong('too-long', String(text.length))
  if (/^https?:/i.test(text)) return address(text)
  if (/^oci:\/\//i.test(text)) return { kind: 'model', reference: text }
  if (llama.test(text)) return { kind: 'llama', reference: text }
  if (localHost.test(text)) return address(`http://${text}`)
  if (registries.test(text) || (modelWithVersion.test(text) && !isPort(text))) return { kind: 'model', reference: text }
  if (namedHost.test(text) || numberedHost.test(text)) return address(`https://${text}`)
  if (release.test(text)) return { kind: 'release', reference: text }
  if (modelWord.test(text)) return { kind: 'model', reference: text }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]
  if (scheme !== undefined) return wrong('scheme', scheme.toLowerCase())
  if (/^[a-z][a-z0-9._-]*$/i.test(text)) return wrong('word', text.slice(0, 40))
  return wrong('unknown', '')
}

/** `example.org:8080` is a host with its port, not a model with its version. */
function isPort(text: string): boolean {
  return /^[^/]*:\d{1,5}$/.test(text) && (namedHost.test(text) || numberedHost.test(text))
}

function address(text: string): One {
  try {
    parseHttpUrl(text)
    return { kind: 'url', reference: text }
  } catch (error) {
    if (/[\s\\\p{Cc}]/u.test(text)) return wrong('blank', '')
    if (asSluiceError(error).code === 'bad-url') return wrong('host', '')
    throw error
  }
}

function wrong(reason: Problem['reason'], detail: string): One {
  return { kind: 'wrong', problem: { reason, detail } }
}
