import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'

/** Which release of llama.cpp is meant. `latest` and `nightly` are channels, the others name exactly one. */
export type LlamaVersion =
  | { readonly kind: 'latest' }
  | { readonly kind: 'nightly' }
  | { readonly kind: 'build'; readonly tag: string; readonly number: number }
  | { readonly kind: 'semver'; readonly tag: string }

const maxPointerCharacters = 1024

/**
 * Reads `latest` (or `stable`), `nightly`, `b6089` or `v0.6.0`, in any case. Its tags are safe in a path and an address.
 * Anything else is a `usage` error.
 */
export function parseLlamaVersion(text: string): LlamaVersion {
  const word = text.length > 64 ? '' : text.trim().toLowerCase()
  if (word === 'latest' || word === 'stable') return { kind: 'latest' }
  if (word === 'nightly') return { kind: 'nightly' }
  const number = buildNumber(word)
  if (number !== null) return { kind: 'build', tag: word, number }
  if (/^v\d{1,6}\.\d{1,6}\.\d{1,6}$/.test(word)) return { kind: 'semver', tag: word }
  throw new SluiceError('usage', `"${excerpt(text)}" is no version of llama.cpp.`, {
    hint: 'Give latest, nightly, a build such as b6089 or a version such as v0.6.0.',
  })
}

/** The number of a build by its tag: 6089 of `b6089`; null for other tags. */
export function buildNumber(tag: string): number | null {
  return /^b[1-9]\d{0,8}$/.test(tag) ? Number(tag.slice(1)) : null
}

/** The build that the content of `nightly-tag.txt` names; `not-the-file` where it is anything else than one tag. */
export function parsePointer(text: string): string {
  const tag = text.length > maxPointerCharacters ? '' : text.trim()
  if (buildNumber(tag) !== null) return tag
  throw new SluiceError(
    'not-the-file',
    `The release should point to a build, but says "${excerpt(text.trim(), 40)}".`,
    {
      hint: 'Name the build itself, such as b6089, or use nightly.',
    },
  )
}

/** The builds among tags, newest first, each once. */
export function newestFirst(tags: readonly string[]): string[] {
  const builds = new Map<number, string>()
  for (const tag of tags) {
    const number = buildNumber(tag)
    if (number !== null) builds.set(number, tag)
  }
  return [...builds].sort(([a], [b]) => b - a).map(([, tag]) => tag)
}
