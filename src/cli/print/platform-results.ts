import { asSluiceError } from '../../core/errors.ts'
import type { PlatformResult } from '../../libraries/types.ts'
import { clean, cleanJson } from './clean.ts'

/** The lines that tell people how a download of libraries ended. */
export function platformLines(results: readonly PlatformResult[], withChecksums: boolean): string[] {
  const several = new Set(
    results.filter((one, index) => results.some((other, at) => at !== index && other.platform === one.platform)),
  )
  const lines = results.flatMap((result) => {
    const { platform, success, libraryPath, sha256Sum, error, variant } = result
    const name = clean(several.has(result) && variant !== '' ? `${platform} (${variant})` : platform)
    if (!success) return [`❌ ${name}: FAILED - ${clean(error?.message ?? 'unknown reason')}`]
    const line = `✅ ${name}: SUCCESS (Library: ${clean(libraryPath)})`
    return withChecksums ? [line, `   SHA256: ${sha256Sum}`] : [line]
  })
  return ['Download Results:', '================', ...lines, '', summary(results)]
}

/** A platform with several variants has succeeded when all of them have. */
function summary(results: readonly PlatformResult[]): string {
  const platforms = new Map<string, boolean>()
  for (const { platform, success } of results) platforms.set(platform, success && (platforms.get(platform) ?? true))
  const good = [...platforms.values()].filter(Boolean).length
  return `Summary: ${good}/${platforms.size} platforms downloaded successfully`
}

/** One result as a line of JSON. */
export function platformJson(result: PlatformResult): string {
  const { error, ...rest } = result
  if (error === null) return cleanJson({ type: 'platform', ...rest, error: null })
  const { code, message, hint } = asSluiceError(error)
  return cleanJson({ type: 'platform', ...rest, error: { code, message, hint } })
}
