import { dirname } from 'node:path'
import { asSluiceError } from '../../core/errors.ts'
import type { DownloadEvent } from '../../libraries/download-types.ts'
import type { PlatformResult } from '../../libraries/types.ts'
import type { Desk } from '../desk.ts'
import type { Entry } from '../entry.ts'
import type { Fetched, RunEvent } from '../fetching.ts'
import { llamaName, releasePage } from './check-llama.ts'
import { findBuilds } from './find-builds.ts'
import { downloadRequest, llamaOptions, tunedWorld } from './llama-options.ts'
import { platformFailure } from './platform-failure.ts'
import { trackBuilds } from './track-builds.ts'
import type { BuildTracker } from './track-builds.ts'

/**
 * Gets the libraries of a download into the cache, all platforms as one transfer. What the cache has is not fetched again.
 * Rejects when a platform has failed, after the others are there.
 */
export async function fetchLibraries(
  desk: Desk,
  entry: Entry,
  signal: AbortSignal,
  onEvent: (event: RunEvent) => void,
): Promise<Fetched> {
  const { clock } = desk
  const { world, download } = await desk.llama()
  signal.throwIfAborted()
  const begun = clock.elapsed()
  onEvent({ type: 'phase', phase: 'resolving' })
  if (entry.row.files.length === 0) {
    const { change, files } = await findBuilds(desk, entry.row, signal)
    onEvent({ type: 'found', change: { ...change(entry.row), files }, detail: '' })
  }
  const { reference, options, files } = entry.row
  const tracker = trackBuilds(files)
  const results = await download(
    tunedWorld(world, () => entry.row.options, desk.settings),
    downloadRequest(reference, options, entry.id),
    { signal, onEvent: listener(desk, entry, tracker, onEvent) },
  )
  const failed = results.flatMap(({ platform, error }) =>
    error === null ? [] : [{ platform, error: asSluiceError(error) }],
  )
  const failure = platformFailure(failed, results.length)
  if (failure) throw failure
  return finished(reference, results, tracker, (clock.elapsed() - begun) / 1000)
}

function finished(
  reference: string,
  results: readonly PlatformResult[],
  tracker: BuildTracker,
  seconds: number,
): Fetched {
  const files = tracker.files().slice(0, results.length)
  const [first, ...others] = results
  return {
    reference,
    path: dirname(first?.folder ?? ''),
    bytes: files.reduce((sum, file) => sum + file.bytesTotal, 0),
    seconds,
    verdict: files.every(({ verdict }) => verdict === 'verified') ? 'verified' : 'length-only',
    digests: first !== undefined && others.length === 0 ? { sha256: first.sha256Sum } : {},
    alreadyThere: results.every(({ fromCache }) => fromCache),
    files,
  }
}

/** Tells of all builds as of one transfer. */
function listener(
  desk: Desk,
  { row: { reference, options, url, bytesDone } }: Entry,
  tracker: BuildTracker,
  tell: (event: RunEvent) => void,
): (event: DownloadEvent) => void {
  const told = new Set<string>()
  const about = { id: 0, reference }
  const once = (key: string, event: RunEvent): void => {
    if (told.has(key)) return
    told.add(key)
    tell(event)
  }
  const count = (): void => {
    tell({ type: 'files', files: tracker.files() })
    tell({ type: 'progress', ...about, ...tracker.progress() })
  }
  const warn = (code: string, message: string, host?: string): void =>
    once(`${code} ${message} ${host ?? ''}`, {
      type: 'warning',
      ...about,
      code,
      message,
      ...(host === undefined ? {} : { host }),
    })

  return (event) => {
    tracker.hear(event)
    switch (event.type) {
      case 'release': {
        const { tag, why } = event
        const change = { filename: llamaName(tag, llamaOptions(options)), url: releasePage(desk.githubPages(), tag) }
        tell({ type: 'found', change, detail: [`${tag}.`, ...why].join(' ') })
        const { bytesTotal } = tracker.progress()
        return tell({ type: 'start', ...about, url, path: '', bytesTotal, resumedFrom: bytesDone })
      }
      case 'begin':
        return count()
      case 'phase':
        return once(event.phase, { type: 'phase', phase: event.phase })
      case 'warning':
        return warn('release', event.message)
      case 'transfer': {
        const { event: one } = event
        if (one.type === 'retry') return tell({ ...one, ...about })
        if (one.type === 'warning') return warn(one.code, one.message, one.host)
        return count()
      }
      case 'done': {
        const { error, platform } = event.result
        if (error !== null && options.llama?.platforms.length !== 1)
          warn(asSluiceError(error).code, `${platform}: ${error.message}`)
        return count()
      }
    }
  }
}
