import { dirname, relative } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import type { HistoryEntry } from '../store/types.ts'
import type { Entry } from './entry.ts'
import { hiddenOfEntry } from './file-request.ts'
import type { QueueItem } from './queue-file.ts'
import type { Secrets } from './secrets.ts'
import type { AddRequest } from './types.ts'

/** A listed download as a request without its secrets; the folder is relative to the daemon's. */
export function itemOf({ row }: Entry, root: string): QueueItem {
  const { options, chosenName, startAt } = row
  const { checksums, mirrors, ...rest } = options
  const dir = relative(root, row.dir)
  return {
    reference: row.reference,
    priority: row.priority,
    ...rest,
    ...(chosenName === null ? {} : { filename: chosenName }),
    ...(dir === '' ? {} : { dir }),
    ...(checksums === undefined ? {} : { checksum: checksums }),
    ...(mirrors === undefined ? {} : { mirrors }),
    ...(row.status === 'paused' ? { paused: true } : {}),
    ...(startAt === null ? {} : { startAt }),
  }
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
  return { reference: entry.reference, ifDuplicate: 'add', ...(inside ? { dir } : {}) }
}
