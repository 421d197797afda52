import { findModelsFolder } from '../deliver/models-folder.ts'
import { openOllamaStore } from '../deliver/ollama-store.ts'
import { installModelZip } from '../deliver/unzip-model.ts'
import type { ModelLibrary } from './types.ts'

export { findModelsFolder }

/** The models of the Ollama store in a folder. Nothing is made before it is needed. */
export function createModelLibrary(
  dir: string,
  options: { readonly onWarning?: (message: string) => void } = {},
): ModelLibrary {
  const store = openOllamaStore(dir, options)
  return {
    dir: store.dir,
    list: () => store.list(),
    verify: (name, signal) => store.verify(name, signal),
    remove: (name) => store.remove(name),
    leftovers: () => store.leftovers(),
    removeLeftovers: (olderThanMs) => store.removeLeftovers(olderThanMs),
    async unzip(zipPath, given = {}) {
      const { models, blobs, bytes } = await installModelZip(zipPath, store, { ...options, ...given })
      return { models, target: store.dir, blobs, bytes }
    },
  }
}
