import { parseChecksum } from '../../core/digest.ts'
import { asSluiceError } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { safeFileName } from '../../core/file-name.ts'
import type { Engine, FileRequest } from '../../transfer/types.ts'
import type { Desk } from '../desk.ts'
import type { Entry } from '../entry.ts'
import type { Fetched, RunEvent } from '../fetching.ts'
import { requestOf } from '../file-request.ts'
import { changeOf, findAsset } from './find-asset.ts'
import type { FoundAsset } from './find-asset.ts'

type Tell = (event: RunEvent) => void

/** Failures after which the file may be found under another address, or with another digest. */
const stale: ReadonlySet<ErrorCode> = new Set([
  'http-not-found',
  'http-forbidden',
  'digest-mismatch',
  'size-mismatch',
  'remote-changed',
  'not-the-file',
])
/** Answers to the question where the file is now that say more than the failure before. */
const telling: ReadonlySet<ErrorCode> = new Set(['release-not-found', 'asset-not-found', 'asset-ambiguous'])

/**
 * Fetches the file of a release through the engine. What was found stays what is fetched, whatever is the latest release by
 * the next run; only when it is no longer to be had like that GitHub is asked again, once in a run.
 */
export async function fetchRelease(desk: Desk, entry: Entry, signal: AbortSignal, tell: Tell): Promise<Fetched> {
  const dir = await desk.folder.resolve(entry.row.dir)
  const known = entry.row.options.release?.found
  if (known === undefined) tell({ type: 'phase', phase: 'resolving' })
  const found = known ?? (await findAsset(desk, entry.row, signal))
  tellOf(entry, found, tell)
  const engine = await desk.engine()
  signal.throwIfAborted()
  try {
    return await fetchAsset(desk, engine, { entry, found, dir }, signal, tell)
  } catch (thrown) {
    const error = asSluiceError(thrown)
    const other = stale.has(error.code) ? await foundElsewhere(desk, entry, found, signal) : null
    if (other === null) throw error
    // Nothing of the other file belongs to this one.
    await engine.discard(dir, entry.id)
    tellOf(entry, other, tell)
    return await fetchAsset(desk, engine, { entry, found: other, dir }, signal, tell)
  }
}

/** Null where it is the same, or nobody can tell now. */
async function foundElsewhere(
  desk: Desk,
  { row }: Entry,
  before: FoundAsset,
  signal: AbortSignal,
): Promise<FoundAsset | null> {
  try {
    const now = await findAsset(desk, row, signal)
    const isSame = now.url === before.url && now.size === before.size && now.sha256 === before.sha256
    return isSame ? null : now
  } catch (thrown) {
    const error = asSluiceError(thrown)
    if (telling.has(error.code) || signal.aborted) throw error
    return null
  }
}

function tellOf({ row }: Entry, found: FoundAsset, tell: Tell): void {
  const detail = `${found.tag}: ${found.name}`
  const isTold = row.timeline.some((step) => step.event === 'release' && step.detail === detail)
  tell({ type: 'found', change: changeOf(row, found), detail: isTold ? '' : detail })
}

function fetchAsset(
  desk: Desk,
  engine: Engine,
  wanted: { readonly entry: Entry; readonly found: FoundAsset; readonly dir: string },
  signal: AbortSignal,
  tell: Tell,
): Promise<Fetched> {
  const request = assetRequest(desk, wanted)
  const { reference } = wanted.entry.row
  if (request.digests.length === 0) {
    const message = `${wanted.found.name} is not compared with a checksum: the release tells none.`
    tell({ type: 'warning', id: 0, reference, code: 'no-digest', message })
  }
  return engine.get(request, { signal, onEvent: tell })
}

/** As other files are asked for, but for headers: those are for servers that the user names. */
function assetRequest(
  desk: Desk,
  { entry: { id, row }, found, dir }: { readonly entry: Entry; readonly found: FoundAsset; readonly dir: string },
): FileRequest {
  const settings = desk.settings()
  const { options } = row
  // With a template the engine makes the name.
  const name = row.chosenName ?? (settings.filenameTemplate === '' ? safeFileName(found.name) : null)
  const base = requestOf({ reference: found.url, chosenName: name, options }, {}, dir, settings)
  const told = found.sha256 === null ? [] : [`sha256:${found.sha256}`]
  const digests = [...new Set([...(options.checksums ?? []), ...told])].map(parseChecksum)
  return {
    ...base,
    digests,
    key: id,
    size: found.size,
    options: { ...base.options, headers: [], allowHtml: digests.length > 0, ifChanged: 'restart' },
  }
}
