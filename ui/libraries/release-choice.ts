import { SluiceError } from '../../src/core/errors.ts'
import { parseLlamaVersion } from '../../src/core/llama-version.ts'
import type { LlamaRelease, LlamaReleases } from '../../src/server/api-types.ts'

export function isVersion(text: string): boolean {
  try {
    parseLlamaVersion(text)
    return true
  } catch (error) {
    if (error instanceof SluiceError) return false
    throw error
  }
}

/** The build that a version means now, as far as the releases tell. */
export function tagOf({ latest, nightly }: LlamaReleases, version: string): string | null {
  const word = version.trim().toLowerCase()
  if (word === 'latest' || word === 'stable') return latest?.tag ?? null
  return word === 'nightly' ? nightly : word
}

/** The variants that can be asked for: those of the release where it is known, else all that the newest ones have. */
export function variantsFor(
  known: LlamaReleases | undefined,
  version: string,
  platforms: ReadonlyArray<string | null>,
): readonly string[] {
  if (known === undefined) return []
  const tag = tagOf(known, version)
  const release = known.releases.find((one) => one.tag === tag)
  const found = (release === undefined ? known.releases : [release]).flatMap((one) => variantsIn(one, platforms))
  return [...new Set(found)]
}

function variantsIn(release: LlamaRelease, platforms: ReadonlyArray<string | null>): string[] {
  return release.platforms
    .filter(({ platform }) => platforms.includes(platform))
    .flatMap(({ variants }) => variants.map(({ name }) => name))
}
