import { asSluiceError, SluiceError } from '../core/errors.ts'
import { hostTarget, parseTarget, showTarget } from '../core/llama-target.ts'
import type { TargetPlatform } from '../core/release.ts'
import type { LibraryWorld } from './download-types.ts'
import type { WantedPlatform } from './plan-types.ts'

/** The platforms of a request, each with its error where it is none. Hardware is looked at only where it matters. */
export async function wantedPlatforms(
  platforms: readonly string[],
  hardware: LibraryWorld['hardware'],
): Promise<ReadonlyArray<WantedPlatform | { readonly platform: string; readonly error: SluiceError }>> {
  const own = ownTarget()
  const wanted = platforms.map((platform) => ({ platform, target: read(platform) }))
  const isOwn = (target: TargetPlatform): boolean => own !== null && showTarget(target) === showTarget(own)
  const needsFacts = wanted.some(({ target }) => !(target instanceof SluiceError) && isOwn(target))
  const facts = needsFacts ? await hardware() : null
  return wanted.map(({ platform, target }) => {
    if (target instanceof SluiceError) return { platform, error: target }
    const isHost = isOwn(target)
    return { platform, target, isHost, host: isHost ? facts : null }
  })
}

/** This machine's platform; null where there are no libraries for it. */
export function ownTarget(): TargetPlatform | null {
  try {
    return hostTarget(process.platform, process.arch)
  } catch (error) {
    if (asSluiceError(error).code === 'unsupported-platform') return null
    throw error
  }
}

function read(platform: string): TargetPlatform | SluiceError {
  try {
    return parseTarget(platform)
  } catch (error) {
    return asSluiceError(error)
  }
}
