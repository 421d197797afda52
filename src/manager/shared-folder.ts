import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import type { StoredDownload } from '../store/types.ts'
import type { Entry } from './entry.ts'
import { nameOfFiles } from './model-place.ts'

/**
 * Refuses a model that would become readable files in the folder of an image layout, or the other way round: each would be
 * in the way of the other. Not while the other one is cancelled, or its folder gone.
 * @throws SluiceError `target-exists`
 */
export function refuseSharedFolder(row: StoredDownload, listed: Iterable<Entry>): void {
  const kind = ownFolder(row)
  if (kind === null) return
  const folder = folderOf(row)
  for (const { id, row: other, missing } of listed) {
    const otherKind = ownFolder(other)
    if (otherKind === null || otherKind === kind || other.status === 'cancelled' || missing) continue
    if (folderOf(other) !== folder) continue
    const what = otherKind === 'layout' ? 'an image layout' : 'files'
    throw new SluiceError('target-exists', `The folder ${folder} is that of ${id}, which makes ${what} there.`, {
      hint: 'Choose another dir or filename.',
    })
  }
}

function ownFolder({ kind, options }: StoredDownload): 'files' | 'layout' | null {
  const target = kind === 'model' ? options.model?.target : undefined
  return target === 'files' || target === 'layout' ? target : null
}

const folderOf = (row: StoredDownload): string => join(row.dir, nameOfFiles(row))
