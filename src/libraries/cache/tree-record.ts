import { field, isRecord } from '../../core/json-record.ts'
import type { JsonRecord } from '../../core/json-record.ts'
import { allTargets, showTarget } from '../../core/llama-target.ts'
import type { TreeEntry } from '../../deliver/archive-types.ts'
import type { CachedTree, TreeKey } from '../types.ts'

/** The record of a tree, in its folder. */
export const recordName = '.sluice-tree.json'
export const maxRecordBytes = 16 * 1024 * 1024
const maxFiles = 20_000
const maxPathLength = 1024
const version = 1

/** What a record says, without where it lies. */
export interface TreeRecord extends TreeKey, Pick<CachedTree, 'asset' | 'sha256' | 'verifiedBy' | 'companions'> {
  /** Relative to the folder. */
  readonly library: string
  readonly files: readonly TreeEntry[]
  /** When each file was written last, ms since 1970, by its path. */
  readonly times: ReadonlyMap<string, number>
  /** ISO 8601. */
  readonly installedAt: string
}

export function formatRecord({ files, times, platform, ...rest }: TreeRecord): string {
  const entries = files.map((file) => ({ ...file, mtimeMs: times.get(file.path) ?? 0 }))
  return `${JSON.stringify({ version, ...rest, platform: showTarget(platform), files: entries }, null, 1)}\n`
}

/**
 * Reads a record; null for everything that is none. Somebody else may have written it: its paths lead nowhere but into
 * the folder, its links are texts to be compared, and nothing else of it names a place.
 */
export function parseRecord(text: string): TreeRecord | null {
  const record = parseJson(text)
  if (!isRecord(record) || field(record, 'version') !== version) return null
  const [repository, tag, variant, asset] = texts(record, ['repository', 'tag', 'variant', 'asset'])
  const [library, installedAt, shown] = texts(record, ['library', 'installedAt', 'platform'])
  const platform = allTargets.find((target) => showTarget(target) === shown)
  const sha256 = digest(field(record, 'sha256'))
  const verifiedBy = field(record, 'verifiedBy')
  const companions = listOf(field(record, 'companions'), companion)
  const files = listOf(field(record, 'files'), entry)
  const stamps = listOf(field(record, 'files'), time)
  if (!repository || !tag || !variant || !asset || !library || !platform || !sha256) return null
  if (!installedAt || Number.isNaN(Date.parse(installedAt)) || !companions || !files || !stamps) return null
  if (verifiedBy !== null && verifiedBy !== 'api' && verifiedBy !== 'pin') return null
  const times = new Map(files.map(({ path }, index) => [path, stamps[index] ?? 0]))
  if (times.size !== files.length || !times.has(library)) return null
  const key = { repository, tag, platform, variant }
  return { ...key, asset, sha256, verifiedBy, companions, library, files, times, installedAt }
}

/** Whether a relative path with `/` stays in its folder on every system, and is not the record's own. */
export function isTreePath(path: string): boolean {
  if (path === '' || path.length > maxPathLength || path === recordName || /[\0-\x1f\x7f\\:]/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function entry(value: JsonRecord): TreeEntry | null {
  const [path, kind, target] = texts(value, ['path', 'kind', 'target'])
  if (path === undefined || !isTreePath(path)) return null
  if (kind === 'link') return target ? { path, kind, size: 0, sha256: '', mode: 0o755, target } : null
  const [size, mode, sha256] = [field(value, 'size'), field(value, 'mode'), digest(field(value, 'sha256'))]
  if (kind !== 'file' || !isNatural(size) || !isNatural(mode) || sha256 === undefined) return null
  return { path, kind, size, sha256, mode }
}

function time(value: JsonRecord): number | null {
  const mtimeMs = field(value, 'mtimeMs')
  return typeof mtimeMs === 'number' ? mtimeMs : null
}

function companion(value: JsonRecord): { readonly asset: string; readonly sha256: string } | null {
  const [asset] = texts(value, ['asset'])
  const sha256 = digest(field(value, 'sha256'))
  return asset === undefined || sha256 === undefined ? null : { asset, sha256 }
}

function listOf<T>(value: unknown, read: (item: JsonRecord) => T | null): T[] | null {
  if (!Array.isArray(value) || value.length > maxFiles) return null
  const items = value.map((item: unknown) => (isRecord(item) ? read(item) : null))
  return items.every((item) => item !== null) ? items : null
}

function texts(record: JsonRecord, keys: readonly string[]): ReadonlyArray<string | undefined> {
  return keys.map((key) => {
    const value = field(record, key)
    return typeof value === 'string' ? value : undefined
  })
}

function digest(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-f\d]{64}$/.test(value) ? value : undefined
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
