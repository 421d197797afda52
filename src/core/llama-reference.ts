import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import { parseLlamaVersion } from './llama-version.ts'
import type { LlamaVersion } from './llama-version.ts'

const form = /^llama\.cpp(?:@([\w.-]{1,64}))?$/i

/** Whether a reference means the libraries of llama.cpp: `llama.cpp`, `llama.cpp@b6089`. Whether its version is one is not looked at. */
export function isLlamaReference(text: string): boolean {
  return form.test(text.trim())
}

/** The version that a reference names, null where it names none; a `usage` error for all that is no such reference. */
export function versionOfReference(text: string): LlamaVersion | null {
  const match = form.exec(text.trim())
  if (match === null)
    throw new SluiceError('usage', `"${excerpt(text)}" does not name libraries of llama.cpp.`, {
      hint: 'Write it as llama.cpp, llama.cpp@latest, llama.cpp@nightly, llama.cpp@b6089 or llama.cpp@v0.6.0.',
    })
  return match[1] === undefined ? null : parseLlamaVersion(match[1])
}

/** `latest`, `nightly`, `b6089`, `v0.6.0` */
export function showLlamaVersion(version: LlamaVersion): string {
  return 'tag' in version ? version.tag : version.kind
}
