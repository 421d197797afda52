import type { LlamaOption } from '../../config/llama-options.ts'
import type { Settings } from '../../config/resolve.ts'
import { asSluiceError, SluiceError } from '../../core/errors.ts'
import { allTargets, hostTarget, parseTarget, showTarget } from '../../core/llama-target.ts'
import type { DownloadRequest } from '../../libraries/download-types.ts'

/** What `download` and `test-download` ask for. */
export function downloadRequest(settings: Settings<LlamaOption>): DownloadRequest {
  const platforms = platformsOf(settings)
  const sha256 = settings.text('sha256')
  if (sha256 !== undefined && platforms.length > 1)
    throw new SluiceError('usage', '--sha256 belongs to a single platform, not to several.')
  const repository = settings.text('repo')
  const limitRate = settings.number('limit-rate')
  return {
    version: settings.text('version') ?? 'latest',
    platforms,
    variant: settings.text('variant') ?? 'auto',
    strict: settings.flag('strict'),
    force: settings.flag('force'),
    concurrency: settings.number('concurrency') ?? 4,
    ...(repository === undefined ? {} : { repository }),
    ...(sha256 === undefined ? {} : { pin: sha256.replace(/^sha256:/, '') }),
    ...(limitRate === undefined ? {} : { limitRate }),
  }
}

function platformsOf(settings: Settings<LlamaOption>): string[] {
  const lists = settings.list('platforms')
  if (settings.flag('all')) {
    if (lists.length > 0) throw new SluiceError('usage', '--all and --platforms exclude each other.')
    return allTargets.map(showTarget)
  }
  if (lists.length === 0) return [showTarget(hostTarget(process.platform, process.arch))]
  const words = lists
    .flatMap((list) => list.split(','))
    .map((one) => one.trim())
    .filter((one) => one !== '')
  // Each platform once, however often and in whatever words it was named.
  const names = words.map(targetName)
  const platforms = words.filter((_, index) => names.indexOf(names[index] ?? '') === index)
  if (platforms.length > 0) return platforms
  throw new SluiceError('usage', '--platforms names no platform.', {
    hint: 'Write linux/amd64,darwin/arm64, or --all.',
  })
}

/** `linux/amd64` for all its spellings; what is no platform as it is. */
function targetName(word: string): string {
  try {
    return showTarget(parseTarget(word))
  } catch (error) {
    if (asSluiceError(error).code === 'unsupported-platform') return word
    throw error
  }
}
