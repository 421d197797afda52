import { lstat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { errorCode } from '../../core/disk-error.ts'
import { readSmallFile } from '../../deliver/read-small-file.ts'
import type { CachedTree } from '../types.ts'
import type { SealedTimes } from './compare-tree.ts'
import { leafName, tagFolderNames } from './tree-key.ts'
import { maxRecordBytes, parseRecord, recordName } from './tree-record.ts'
import type { TreeRecord } from './tree-record.ts'
import { isGone } from './walk-tree.ts'

/** A tree as its record tells it; whether its files are as told was not looked at. */
export interface RecordedTree extends SealedTimes {
  readonly tree: CachedTree
}

/** Reads the record of a folder of the cache; null when it has none, or one that belongs to another place. */
export async function readTree(dir: string, folder: string): Promise<RecordedTree | null> {
  const path = join(folder, recordName)
  const text = await readRecordText(path)
  const record = text === null ? null : parseRecord(text)
  if (!record || !belongs(record, dir, folder)) return null
  // It was written after all else.
  return { tree: asTree(record, folder), times: record.times, sealedAt: await changedAt(path) }
}

export function asTree(record: TreeRecord, folder: string): CachedTree {
  const { repository, tag, platform, variant, asset, sha256, verifiedBy, companions, files, installedAt } = record
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const place = { folder, libraryPath: join(folder, record.library) }
  return {
    repository,
    tag,
    platform,
    variant,
    asset,
    sha256,
    verifiedBy,
    companions,
    ...place,
    bytes,
    files,
    installedAt,
  }
}

async function readRecordText(path: string): Promise<string | null> {
  try {
    return (await readSmallFile(path, maxRecordBytes))?.bytes.toString('utf8') ?? null
  } catch (error) {
    if (isGone(error) || errorCode(error) === 'ELOOP') return null
    throw error
  }
}

/** When anything of a file changed last, ms since 1970; 0 for what is gone. */
async function changedAt(path: string): Promise<number> {
  try {
    return (await lstat(path)).ctimeMs
  } catch (error) {
    if (isGone(error)) return 0
    throw error
  }
}

function belongs(record: TreeRecord, dir: string, folder: string): boolean {
  try {
    const names = [...tagFolderNames(record), leafName(record, record.sha256)]
    return relative(dir, folder) === join(...names)
  } catch {
    // A key that makes no folder name was not written by us.
    return false
  }
}
