import { findModelsFolder } from '../deliver/models-folder.ts'
import { openOllamaStore } from '../deliver/ollama-store.ts'
import { liveness, ownerToken } from '../transfer/owner.ts'
import { removeAbandoned } from './abandoned.ts'
import type { ModelLibrary } from './types.ts'

export { findModelsFolder }

/** The models of the Ollama store in a folder. Nothing is made before it is needed. */
export function createModelLibrary(
  dir: string,
  options: { readonly onWarning?: (message: string) => void } = {},
): ModelLibrary {
  const store = openOllamaStore(dir, options)
  const { onWarning = () => undefined } = options
  return {
    dir: store.dir,
    list: () => store.list(),
    verify: (name, watch) => store.verify(name, watch),
    remove: (name) => store.remove(name),
    leftovers: () => store.leftovers(),
    removeLeftovers: (olderThanMs) => store.removeLeftovers(olderThanMs, (owner) => liveness(owner) === 'alive'),
    removeAbandoned: () => removeAbandoned(store, onWarning),
    async unzip(zipPath, watch) {
      // Loaded when it is needed: the daemon lists models and never unpacks one.
      const { installModelZip } = await import('../deliver/unzip-model.ts')
      await removeAbandoned(store, onWarning)
      const given = { owner: ownerToken(), ...options, ...watch }
      const { models, blobs, bytes } = await installModelZip(zipPath, store, given)
      return { models, target: store.dir, blobs, bytes }
    },
  }
}
