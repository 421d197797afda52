import { asSluiceError } from '../../src/core/errors.ts'
import { isLlamaReference } from '../../src/core/llama-reference.ts'
import { looksLikeModel } from '../../src/core/model-name.ts'
import { looksLikeRelease } from '../../src/core/release-reference.ts'
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
const localHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?(?:[/?#]|$)/i
const namedHost = /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::\d{1,5})?(?:[/?#]|$)/iu
const numberedHost = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?:[/?#]|$)/

/** What one reference is; an address that lacks its scheme gets the likely one. */
export function recogniseOne(text: string): One {
  if (text.length > longest) return wrong('too-long', String(text.length))
  if (/^https?:/i.test(text)) return looksLikeRelease(text) ? { kind: 'release', reference: text } : address(text)
  if (isLlamaReference(text)) return { kind: 'llama', reference: text }
  if (localHost.test(text)) return address(`http://${text}`)
  if (looksLikeModel(text)) return { kind: 'model', reference: text }
  if (looksLikeRelease(text)) return { kind: 'release', reference: text }
  if (namedHost.test(text) || numberedHost.test(text)) return address(`https://${text}`)
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]
  if (scheme !== undefined) return wrong('scheme', scheme.toLowerCase())
  if (/^[a-z][a-z0-9._-]*$/i.test(text)) return wrong('word', text.slice(0, 40))
  return wrong('unknown', '')
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
