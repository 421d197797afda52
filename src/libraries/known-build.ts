import { SluiceError } from '../core/errors.ts'
import { parseLlamaVersion } from '../core/llama-version.ts'
import { llamaRepository } from '../sources/github/llama-versions.ts'
import type { PointerMemory } from './pointer-memory.ts'

/**
 * The build that a version names in the cache: `b6089` itself, and the one that `v0.6.0` has led to; where that is not
 * known, `v0.6.0`. Nobody is asked. `usage` for a channel, which names none.
 */
export async function knownBuild(
  pointers: Pick<PointerMemory, 'recall'>,
  version: string,
  repository: string = llamaRepository,
): Promise<string> {
  const wanted = parseLlamaVersion(version)
  if (wanted.kind === 'build') return wanted.tag
  if (wanted.kind === 'semver') return (await pointers.recall(repository, wanted.tag)) ?? wanted.tag
  throw new SluiceError('usage', `"${wanted.kind}" names no version in the cache.`, {
    hint: 'Give a build, such as b6089: sluice llama list shows those that are here.',
  })
}
