import { access, constants, rm } from 'node:fs/promises'
import { SluiceError } from '../core/errors.ts'
import { diskError } from '../core/disk-error.ts'
import type { StoreContext } from './ollama-context.ts'
import { makeStoreFolder, writeTemporary } from './store-files.ts'

/** See `OllamaStore.prepare`. */
export async function prepareStore(context: StoreContext): Promise<void> {
  const { dir, blobs, manifests, own, partialDir } = context
  let folder = dir
  try {
    const marks = await context.marks()
    await makeStoreFolder(dir, marks.owner)
    for (folder of [own, partialDir, blobs, manifests]) {
      await makeStoreFolder(folder, marks.owner)
      await access(folder, constants.W_OK | constants.X_OK)
    }
    // Some file systems say yes and refuse all the same.
    for (folder of [own, partialDir]) await rm(await writeTemporary(folder, new Uint8Array(), marks))
  } catch (error) {
    throw explain(diskError(error, folder))
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof SluiceError) || error.code !== 'disk-permission') return error
  return new SluiceError('disk-permission', `The models folder cannot be written to. ${error.message}`, {
    hint: 'Run as its owner or as root, or choose another folder with --models-dir or OLLAMA_MODELS.',
    cause: error,
  })
}
