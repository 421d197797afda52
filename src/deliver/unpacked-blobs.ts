import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../core/disk-error.ts'
import { namesIn } from './leftovers.ts'

const form = /^unzip-(.+)-[0-9a-f]{16}$/

/** A name for a blob that is being unpacked; `owner` is a token of the process that does it. */
export function unpackedName(owner: string): string {
  return `unzip-${owner}-${randomBytes(8).toString('hex')}`
}

/** Whose blob that is; undefined for what is none. */
export function ownerOfUnpacked(name: string): string | undefined {
  return form.exec(name)?.[1]
}

/** Removes the blobs that nobody will go on unpacking: of processes that were killed. Errors are SluiceErrors of the disk. */
export async function removeAbandoned(partialDir: string, isDead: (owner: string) => boolean): Promise<void> {
  for (const name of await namesIn(partialDir)) {
    const owner = ownerOfUnpacked(name)
    if (owner === undefined || !isDead(owner)) continue
    const path = join(partialDir, name)
    try {
      await rm(path, { force: true })
    } catch (error) {
      throw diskError(error, path)
    }
  }
}
