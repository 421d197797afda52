import { join, resolve } from 'node:path'
import { diskError } from '../core/disk-error.ts'
import { nameFor } from './expected-name.ts'
import { followHash } from './hash-follower.ts'
import { mayBeRenamed } from './leave-existing.ts'
import { namingOf, reserveOf } from './state.ts'
import type { Transfer } from './state.ts'
import type { Finished } from './types.ts'

const { closeSync, openSync, statSync } = process.getBuiltinModule('node:fs')

/**
 * A file that is already there under the name to be expected, or under the one that the same download got before, and has
 * every digest that is asked for needs no request.
 * Null when there is none; the answer's own name and the policy decide then.
 */
export async function checkExisting(transfer: Transfer): Promise<Finished | null> {
  const [location] = transfer.locations
  if (transfer.digests.length === 0 || !location) return null
  const name = nameFor(namingOf(transfer), {
    contentDisposition: undefined,
    requestUrl: location.original,
    finalUrl: location.original,
    contentType: undefined,
  })
  const expected = join(transfer.dir, name)
  const there = await compare(transfer, expected)
  if (there !== null) return there
  const mayBeElsewhere = transfer.request.key !== undefined || mayBeRenamed(transfer, expected)
  const recorded = mayBeElsewhere ? transfer.env.finished.findById(transfer.sessionId, transfer.dir)?.path : undefined
  return recorded === undefined || recorded === resolve(expected) ? null : compare(transfer, recorded)
}

/** Null unless the file has every digest. */
async function compare(transfer: Transfer, path: string): Promise<Finished | null> {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isFile()) return null
  const offset = reserveOf(transfer)
  const size = stat.size - offset
  if (size < 0 || size !== (transfer.request.size ?? size)) return null
  const fd = openReadable(path)
  if (fd === null) return null
  try {
    const algorithms = [...new Set(transfer.digests.map((digest) => digest.algorithm))]
    const digests = await followHash(algorithms, { fd, path, offset }).finish(size)
    if (transfer.digests.some(({ algorithm, hex }) => digests[algorithm] !== hex)) return null
    return {
      reference: transfer.request.reference,
      path,
      bytes: size,
      seconds: 0,
      verdict: 'verified',
      digests,
      alreadyThere: true,
    }
  } finally {
    closeSync(fd)
  }
}

/** Null for a file that may not be read: then it cannot be known to be the right one. */
function openReadable(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM' || code === 'ENOENT') return null
    throw diskError(error, path)
  }
}
