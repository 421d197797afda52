import { basename, dirname, isAbsolute, relative } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { parseModel } from '../core/model-name.ts'
import { readAssetUrl, showRelease } from '../core/release-reference.ts'
import type { HistoryEntry, StoredDownload, StoredLlamaOptions } from '../store/types.ts'
import type { Entry } from './entry.ts'
import { hiddenOfEntry } from './file-request.ts'
import type { LlamaRequest } from './llama/types.ts'
import type { QueueItem } from './queue-file.ts'
import { kindOf } from './request-kind.ts'
import type { Secrets } from './secrets.ts'
import type { AddRequest } from './types.ts'

/** A listed download as a request without its secrets; the folder is relative to the daemon's. */
export function itemOf({ row }: Entry, root: string): QueueItem {
  const { options, chosenName, startAt } = row
  const { checksums, mirrors, llama, release: { found: _, ...release } = {}, ...rest } = options
  const dir = relative(root, row.dir)
  return {
    reference: row.reference,
    ...kindOfRow(row),
    priority: row.priority,
    ...rest,
    ...(llama === undefined ? {} : { llama: askedOf(llama) }),
    ...release,
    ...(chosenName === null ? {} : { filename: chosenName }),
    ...(dir === '' || row.kind === 'llama' ? {} : { dir }),
    ...(checksums === undefined ? {} : { checksum: checksums }),
    ...(mirrors === undefined ? {} : { mirrors }),
    ...(row.status === 'paused' ? { paused: true } : {}),
    ...(startAt === null ? {} : { startAt }),
  }
}

function kindOfRow({ kind, reference }: Pick<StoredDownload, 'kind' | 'reference'>): Pick<AddRequest, 'kind'> {
  if (kind === 'model' || kind === 'llama' || kind === 'release') return { kind }
  // The address of a page of GitHub would be taken for a release.
  return kindOf({ reference }) === 'http' ? {} : { kind: 'http' }
}

/** Without the build that its version led to: another daemon, or a later time, may find another. */
function askedOf(llama: StoredLlamaOptions): LlamaRequest {
  const { tag: _, ...asked } = llama
  return asked
}

/** A listed download again, as the user asked for it. */
export function requestOfEntry(entry: Entry, root: string, secrets: Secrets): AddRequest {
  const { paused: _, startAt: __, ...item } = itemOf(entry, root)
  return { ...item, ...hiddenOfEntry(entry, secrets), ifDuplicate: 'add' }
}

/** What history still knows of a download; a `usage` error when that is not the whole address. */
export function requestOfHistory(entry: HistoryEntry, root: string): AddRequest {
  if (entry.reference.includes('=…'))
    throw new SluiceError('usage', 'History keeps no credentials, and this address has some.', {
      hint: 'Add the download with its whole address.',
    })
  const dir = entry.path === '' ? '' : relative(root, dirname(entry.path))
  const inside = dir !== '' && !dir.startsWith('..')
  if (entry.kind === 'model') return modelOfHistory(entry, root)
  if (entry.kind === 'llama') return { reference: entry.reference, kind: 'llama', ifDuplicate: 'add' }
  const known = entry.kind === 'release' ? releaseOfHistory(entry) : { reference: entry.reference, ...kindOfRow(entry) }
  return { ...known, ifDuplicate: 'add', ...(inside ? { dir } : {}) }
}

/** The file itself, where it was found; else what was asked for. */
function releaseOfHistory({ reference, url }: HistoryEntry): AddRequest {
  const file = readAssetUrl(url)
  if (file === null) return { reference, kind: 'release' }
  return { reference: showRelease(file.reference), kind: 'release', asset: file.asset }
}

/** Where it went is told by its path: a zip and a folder lie within the daemon's folder, a store elsewhere. */
function modelOfHistory({ reference, url, path }: HistoryEntry, root: string): AddRequest {
  const request = { reference, kind: 'model', ifDuplicate: 'add' } as const
  const way = path === '' ? '..' : relative(root, path)
  const registry = url.slice(0, url.indexOf('/v2/'))
  const model = { ...(url.includes('/v2/') && !isOwnRegistry(reference, registry) ? { registry } : {}) }
  if (way.startsWith('..') || isAbsolute(way)) return { ...request, model }
  const dir = dirname(way) === '.' ? {} : { dir: dirname(way) }
  const target = way.endsWith('.zip') ? 'zip' : 'files'
  return { ...request, ...dir, filename: basename(way), model: { ...model, target } }
}

/** Whether the name alone leads there. */
function isOwnRegistry(reference: string, registry: string): boolean {
  const { scheme, host } = parseModel(reference)
  return registry === `${scheme}://${host}`
}
