import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { asSluiceError, SluiceError } from '../core/errors.ts'
import { unpackArchive } from '../deliver/unpack/unpack-archive.ts'
import type { IfExists } from '../transfer/types.ts'

const endings = /\.(?:tar\.(?:gz|zst)|tgz|tzst|tar|zip)$/i
const mostNames = 999

export interface UnpackedBeside {
  readonly folder: string
  /** Files and links. */
  readonly entries: number
  readonly bytes: number
  /** It was there, and is as it was. */
  readonly alreadyThere: boolean
}

/**
 * Unpacks an archive into a folder beside it, with its name without the ending. Where the folder is there: `rename` takes
 * another name, `skip` leaves it, all else is `target-exists`: a folder is never replaced.
 */
export async function unpackBeside(archive: string, ifExists: IfExists, signal?: AbortSignal): Promise<UnpackedBeside> {
  const name = basename(archive)
  const stem = name.replace(endings, '')
  const wanted = stem === name ? `${name}.unpacked` : stem
  for (let n = 0; n <= mostNames; n++) {
    const into = join(dirname(archive), n === 0 ? wanted : `${wanted} (${n})`)
    if (await isThere(into)) {
      if (ifExists === 'skip') return { folder: into, entries: 0, bytes: 0, alreadyThere: true }
      if (ifExists !== 'rename') throw exists(into)
      continue
    }
    const { entries, bytes } = await unpack(archive, into, signal)
    return { folder: into, entries: entries.length, bytes, alreadyThere: false }
  }
  throw exists(join(dirname(archive), wanted))
}

/** What was fetched is as the release says, so another copy of it would be no better. */
async function unpack(archive: string, into: string, signal: AbortSignal | undefined) {
  try {
    return await unpackArchive({ archive, into, ...(signal === undefined ? {} : { signal }) })
  } catch (thrown) {
    const error = asSluiceError(thrown)
    if (error.code !== 'bad-archive') throw error
    const hint = `Nothing was unpacked. The file stays as it is: ${archive}.`
    throw new SluiceError(error.code, error.message, { hint, cause: error })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function exists(path: string): SluiceError {
  return new SluiceError('target-exists', `${path} is there already, and a folder is never replaced.`, {
    hint: 'Remove it first, or use --if-exists rename or skip.',
  })
}
