import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { parsePlace } from '../core/model-name.ts'
import { errorCode } from '../core/disk-error.ts'
import type { ManifestPlace } from './types.ts'

type Parts = readonly [host: string, namespace: string, model: string, tag: string]

/** Refuses what cannot be the path of a manifest, here or at all. @throws SluiceError `bad-model-name` */
export function checkPlace(place: ManifestPlace, platform: NodeJS.Platform = process.platform): void {
  if (platform === 'win32' && place.host.includes(':'))
    throw new SluiceError(
      'bad-model-name',
      `A model of ${place.host} cannot be kept in an Ollama store on Windows, where no folder has a ":" in its name.`,
      { hint: 'Use --zip to get it as one file, or a registry without a port in its name.' },
    )
  if (!parsePlace(partsOf(place)))
    throw new SluiceError('bad-model-name', `There is no place for a model of this name: ${partsOf(place).join('/')}`)
}

/**
 * The path of a manifest below `root`, in the spelling that is on the disk: to ollama, names that differ only in case are
 * one model. `there` tells whether anything has it.
 */
export async function findPlace(root: string, place: ManifestPlace): Promise<{ parts: Parts; there: boolean }> {
  const wanted = partsOf(place)
  const whole = await spelled(root, [], wanted)
  if (whole) return { parts: whole, there: true }
  // Nothing has the whole name: the folders that are there lend theirs.
  const parts: string[] = []
  for (const part of wanted) parts.push((await alike(join(root, ...parts), part))[0] ?? part)
  const [host, namespace, model, tag] = parts
  return {
    parts: [host ?? place.host, namespace ?? place.namespace, model ?? place.model, tag ?? place.tag],
    there: false,
  }
}

/** Refuses to go through links below `root`: they could lead out of the store. */
export async function checkFolders(root: string, parts: Parts): Promise<void> {
  for (let count = 1; count < parts.length; count++) {
    const path = join(root, ...parts.slice(0, count))
    try {
      const found = await lstat(path)
      if (!found.isDirectory())
        throw new SluiceError(
          'disk',
          `There is no folder but something else at ${path}, and nothing is written through it.`,
          {
            hint: 'Move it away, or use another models folder.',
          },
        )
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return
      throw error
    }
  }
}

function partsOf({ host, namespace, model, tag }: ManifestPlace): Parts {
  return [host, namespace, model, tag]
}

async function spelled(root: string, parts: readonly string[], wanted: Parts): Promise<Parts | null> {
  const part = wanted[parts.length]
  if (part === undefined) {
    const [host, namespace, model, tag] = parts
    return host === undefined || namespace === undefined || model === undefined || tag === undefined
      ? null
      : [host, namespace, model, tag]
  }
  for (const name of await alike(join(root, ...parts), part)) {
    const found = await spelled(root, [...parts, name], wanted)
    if (found) return found
  }
  return null
}

/** Names in a folder that differ from one at most in case, the same first. */
async function alike(folder: string, wanted: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  })
  const lower = wanted.toLowerCase()
  const found = names.filter((name) => name.toLowerCase() === lower).sort()
  return found.includes(wanted) ? [wanted, ...found.filter((name) => name !== wanted)] : found
}
