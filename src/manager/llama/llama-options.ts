import { parseChecksum } from '../../core/digest.ts'
import { showLlamaVersion, versionOfReference } from '../../core/llama-reference.ts'
import { hostTarget, showTarget } from '../../core/llama-target.ts'
import type { DownloadRequest, LibraryWorld } from '../../libraries/download-types.ts'
import type { Settings } from '../../config/settings.ts'
import type { StoredLlamaOptions, StoredOptions } from '../../store/types.ts'
import type { Engine, FileOptions } from '../../transfer/types.ts'

/** What is kept of a download of libraries. */
export function llamaOptions({ llama }: StoredOptions): StoredLlamaOptions {
  return llama ?? { platforms: [showTarget(hostTarget(process.platform, process.arch))] }
}

/** The version that a stored reference asks for. */
export function askedVersion(reference: string): string {
  const version = versionOfReference(reference)
  return version === null ? 'latest' : showLlamaVersion(version)
}

/** What is asked for of the libraries; `group` names the transfers at the engine as one download. */
export function downloadRequest(reference: string, options: StoredOptions, group?: string): DownloadRequest {
  const { tag, platforms, variant, strict } = llamaOptions(options)
  const [checksum] = options.checksums ?? []
  return {
    version: tag ?? askedVersion(reference),
    platforms,
    ...(variant === undefined ? {} : { variant }),
    ...(strict === undefined ? {} : { strict }),
    ...(checksum === undefined ? {} : { pin: parseChecksum(checksum).hex }),
    ...(group === undefined ? {} : { group }),
  }
}

/** The same world, whose transfers go as the download and the settings say at the moment in which each begins. */
export function tunedWorld(world: LibraryWorld, options: () => StoredOptions, settings: () => Settings): LibraryWorld {
  const tune = (engine: Engine): Engine => ({
    ...engine,
    get: (request, more) =>
      engine.get({ ...request, options: { ...request.options, ...fileOptions(options(), settings()) } }, more),
  })
  return { ...world, engine: async () => tune(await world.engine()) }
}

function fileOptions({ connections, retries, speedLimit }: StoredOptions, settings: Settings): FileOptions {
  const most = connections ?? settings.connectionsPerDownload
  return {
    retries: retries ?? settings.retries,
    ...(most === 0 ? {} : { connections: most }),
    ...(speedLimit === undefined ? {} : { limitRate: speedLimit }),
  }
}
