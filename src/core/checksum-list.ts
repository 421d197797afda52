import { SluiceError } from './errors.ts'
import { excerpt } from './excerpt.ts'
import type { ReleaseAsset } from './release.ts'

const maxCharacters = 1024 * 1024
const sidecars = ['.sha256', '.sha256sum', '.sha256sums', '.sha256.txt', '.sha256sum.txt']
/** Lists for a whole release, by the words of their names, those that say SHA-256 first. */
const lists: readonly RegExp[] = [
  /^sha256-?sums?(?:\.txt)?$/i,
  /^(?:.{0,100}[._-])?(?:sha256-?sums?|checksums?[._-]sha256|sha256[._-]checksums?)(?:\.txt)?$/i,
  /^(?:.{0,100}[._-])?checksums?(?:\.txt)?$/i,
]

/** The file of a release that tells the SHA-256 of another: its own (`name.sha256`), else a list of all; null without one. */
export function checksumAsset(assets: readonly ReleaseAsset[], name: string): ReleaseAsset | null {
  const there = assets.filter((asset) => asset.uploaded && asset.name !== name)
  const stem = name.replace(/\.(?:tar\.[a-z\d]{1,5}|[a-z\d]{1,8})$/i, '')
  for (const own of [name, stem])
    for (const ending of sidecars) {
      const found = there.find((asset) => asset.name === own + ending)
      if (found !== undefined) return found
    }
  for (const list of lists) {
    const found = there.filter((asset) => asset.name.length <= 200 && list.test(asset.name))
    if (found.length > 0) return found.sort((a, b) => (a.name < b.name ? -1 : 1))[0] ?? null
  }
  return null
}

/**
 * The SHA-256 in hex, lower case, that a list tells of a file; null where it tells none. Formats: `HEX  name` and
 * `HEX *name` of sha256sum, `SHA256 (name) = HEX` of BSD, and one HEX alone. `digest-mismatch` where it tells two,
 * `answer-too-large` above 1 MiB.
 */
export function parseChecksums(text: string, name: string): string | null {
  if (text.length > maxCharacters)
    throw new SluiceError('answer-too-large', 'The list of checksums is larger than 1 MiB.')
  const trimmed = text.trim()
  if (/^[\da-f]{64}$/i.test(trimmed)) return trimmed.toLowerCase()
  const found = new Set<string>()
  for (const line of trimmed.split(/\r\n?|\n/)) {
    const entry = readLine(line.trim())
    if (entry !== null && baseOf(entry.name) === name) found.add(entry.hex.toLowerCase())
  }
  if (found.size > 1)
    throw new SluiceError('digest-mismatch', `The list of checksums tells two different ones for ${excerpt(name)}.`)
  return [...found][0] ?? null
}

function readLine(line: string): { readonly name: string; readonly hex: string } | null {
  const usual = /^(?:sha256:)?([\da-f]{64})[ \t]+\*?([^ \t].*)$/i.exec(line)
  if (usual !== null) return { hex: usual[1] ?? '', name: usual[2] ?? '' }
  const bsd = /^SHA2?-?256 ?\((.+)\) ?= ?([\da-f]{64})$/i.exec(line)
  return bsd === null ? null : { name: bsd[1] ?? '', hex: bsd[2] ?? '' }
}

/** Lists are often made in the folder above. */
function baseOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
