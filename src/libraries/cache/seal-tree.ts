import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../../core/errors.ts'
import type { TreeEntry } from '../../deliver/archive-types.ts'
import { inTurns } from '../../deliver/in-turns.ts'
import { openOwn, syncFolder } from '../../deliver/store-files.ts'
import type { NewTree, TreeKey } from '../types.ts'
import { formatRecord, isTreePath, parseRecord, recordName } from './tree-record.ts'
import type { TreeRecord } from './tree-record.ts'
import { compareTree } from './compare-tree.ts'
import { walkTree } from './walk-tree.ts'

const filesAtOnce = 4

/**
 * Checks that a folder holds what was said of it and nothing else, brings it to the disk and writes its record, last of
 * all. The digests are believed: they were computed while the files were written.
 * @throws SluiceError `internal` where it holds something else
 */
export async function sealTree(folder: string, key: TreeKey, made: NewTree, now: number): Promise<TreeRecord> {
  for (const { path } of made.files) if (!isTreePath(path)) throw wrong(`the path ${JSON.stringify(path)}`)
  // Whole seconds survive every way to copy a cache.
  const at = new Date(Math.floor(now / 1000) * 1000)
  const times = new Map<string, number>()
  const { files, folders } = await walkTree(folder)
  await inTurns(made.files, filesAtOnce, async (entry) => {
    const isSame = files.get(entry.path) === entry.kind
    times.set(entry.path, isSame ? await sealFile(join(folder, entry.path), entry, at) : 0)
  })
  const { changed, missing, unexpected } = await compareTree(
    { folder, files: made.files },
    { times, sealedAt: Number.POSITIVE_INFINITY },
  )
  const [odd] = [...missing, ...changed, ...unexpected]
  if (odd !== undefined) throw wrong(JSON.stringify(odd))
  const { repository, tag, platform, variant } = key
  const { asset, sha256, verifiedBy, companions, library } = made
  const record: TreeRecord = {
    ...{ repository, tag, platform, variant, asset, sha256, verifiedBy, companions, library },
    files: made.files,
    times,
    installedAt: new Date(now).toISOString(),
  }
  await writeRecord(folder, record)
  for (const path of folders.toReversed()) await syncFolder(join(folder, path))
  return record
}

/** Writes the record of a folder at one moment. */
export async function writeRecord(folder: string, record: TreeRecord): Promise<void> {
  const text = formatRecord(record)
  if (parseRecord(text) === null) throw wrong('its own record')
  const path = join(folder, recordName)
  await writeFile(`${path}.new`, text, { flag: 'wx', flush: true })
  await rename(`${path}.new`, path)
}

/** Gives the time that the file has now. */
async function sealFile(path: string, { kind, size }: TreeEntry, at: Date): Promise<number> {
  if (kind === 'link') return 0
  const file = await openOwn(path)
  try {
    await file.utimes(at, at)
    await file.sync()
    const stat = await file.stat()
    return stat.size === size ? stat.mtimeMs : 0
  } finally {
    await file.close()
  }
}

function wrong(what: string): SluiceError {
  return new SluiceError('internal', `The unpacked libraries are not what their list says: ${what}.`)
}
