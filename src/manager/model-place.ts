import { basename, join, resolve, sep } from 'node:path'
import type { Settings } from '../config/settings.ts'
import { sessionName } from '../core/model-name.ts'
import type { PullRequest, PullTarget } from '../models/types.ts'
import type { StoredDownload } from '../store/types.ts'
import { zipName } from './check-model.ts'
import type { ModelTarget } from './model-types.ts'
import type { CheckedRequest } from './check-request.ts'
import { isOneFile } from './request-kind.ts'

type Wanted = Pick<CheckedRequest, 'reference' | 'chosenName' | 'options'>

/**
 * What the puller is asked for. `dir` is the checked folder of the download, below that of the daemon; `modelsDir` the
 * store of the daemon: no request has a say in where that is.
 */
export function pullRequest(
  wanted: Wanted,
  places: { readonly dir: string; readonly modelsDir: string },
  settings: Settings,
): PullRequest {
  const { reference, options } = wanted
  const { model = {}, retries, ifExists, speedLimit, connections = settings.connectionsPerDownload } = options
  const { target, ...more } = model
  return {
    model: reference,
    ...more,
    ...(connections === 0 ? {} : { connections }),
    ...(speedLimit === undefined ? {} : { limitRate: speedLimit }),
    ...(target === undefined ? {} : { target: targetOf(target, wanted, places) }),
    retries: retries ?? settings.retries,
    ifExists: ifExists ?? settings.ifExists,
    modelsDir: places.modelsDir,
    filesDir: join(places.dir, nameOfFiles(wanted)),
  }
}

function targetOf(
  kind: PullTarget['kind'],
  wanted: Wanted,
  { dir, modelsDir }: { readonly dir: string; readonly modelsDir: string },
): PullTarget {
  if (kind === 'store') return { kind, dir: modelsDir }
  const path = join(dir, nameOfFiles(wanted))
  return kind === 'zip' ? { kind, path } : { kind, dir: path }
}

/** Name of the zip of a model, or of the folder in which its files lie together. */
export function nameOfFiles({ reference, chosenName, options }: Wanted): string {
  return chosenName ?? (options.model?.target === 'zip' ? zipName(reference) : sessionName(reference))
}

/** Where a finished model is. */
export function placeOfModel({ options, digests }: StoredDownload): PullTarget['kind'] {
  // The digest of the manifest is that of what was installed; a zip and files have none as a whole.
  return options.model?.target ?? (digests.sha256 === undefined ? 'files' : 'store')
}

/** Where a model goes, or is; null for what is none, and until it is known what becomes of it. */
export function targetOfModel(row: StoredDownload, modelsDir: string): ModelTarget | null {
  if (row.kind !== 'model') return null
  const { path, options, files } = row
  const folder = join(row.dir, nameOfFiles(row))
  const known = path || files[0]?.path || null
  const kind = options.model?.target ?? (known === null ? null : isWithin(folder, known) ? 'files' : 'store')
  if (kind === null) return null
  // Of a model in a store, its path is that of its manifest.
  if (kind === 'store') return { kind, path: path === '' ? modelsDir : resolve(path, '../../../../..') }
  return { kind, path: path === '' ? folder : path }
}

const isWithin = (folder: string, path: string): boolean => path === folder || path.startsWith(folder + sep)

/** What a download is called that is, or will be, at this path. */
export function nameAt({ kind, filename, options }: StoredDownload, path: string): string {
  return path === '' || kind === 'llama' || (kind === 'model' && options.model?.target !== 'zip')
    ? filename
    : basename(path)
}

/** Whether its bytes go to the folder of the daemon, whose space is watched; stores and caches may be on another disk. */
export function liesInFolder({ kind, options }: StoredDownload): boolean {
  return isOneFile(kind) || (kind === 'model' && (options.model?.target ?? 'store') !== 'store')
}
