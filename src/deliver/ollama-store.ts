import { basename, resolve } from 'node:path'
import { addManifest } from './add-manifest.ts'
import { findLeftovers, removeLeftovers } from './leftovers.ts'
import type { Leftover } from './leftovers.ts'
import { addBlob, checkBlob, hasBlob } from './ollama-blobs.ts'
import { createContext } from './ollama-context.ts'
import type { StoreContext, StoreOptions } from './ollama-context.ts'
import { findManifests } from './ollama-manifests.ts'
import { blobsOf, listModels, pickByName } from './ollama-models.ts'
import { prepareStore } from './prepare-store.ts'
import { removeModel } from './remove-model.ts'
import type { ModelCheck, OllamaStore, Watch } from './types.ts'
import { ownerOfUnpacked, removeAbandoned } from './unpacked-blobs.ts'
import { displayPlace } from '../core/model-name.ts'
import { SluiceError } from '../core/errors.ts'

/** An Ollama store, and what pulls have left in it. */
export interface OpenStore extends OllamaStore {
  /** Parts and sessions of unfinished pulls, the oldest first; those of running ones are among them. */
  leftovers(): Promise<Leftover[]>
  /** Removes those that nobody has written to for so many ms; never happens by itself. `isAlive` as for `removeAbandoned`. */
  removeLeftovers(olderThanMs: number, isAlive?: (owner: string) => boolean): Promise<Leftover[]>
  /** Removes blobs that processes which are dead were unpacking; `owner` is what `installModelZip` was given. */
  removeAbandoned(isDead: (owner: string) => boolean): Promise<void>
}

/** Opens the store of a models folder, which need not be there yet. Nothing is written before a method asks for it. */
export function openOllamaStore(dir: string, options: StoreOptions = {}): OpenStore {
  const context = createContext(resolve(dir), options)
  return {
    dir: context.dir,
    partialDir: context.partialDir,
    prepare: () => prepareStore(context),
    hasBlob: (digest, size, signal) => hasBlob(context, digest, size, signal),
    addBlob: (blob) => addBlob(context, blob),
    addManifest: (place, bytes) => addManifest(context, place, bytes),
    list: () => listModels(context),
    verify: (name, watch = {}) => verifyModel(context, name, watch),
    remove: (name) => removeModel(context, name),
    leftovers: () => findLeftovers(context),
    removeLeftovers: (olderThanMs, isAlive = () => false) =>
      removeLeftovers(context, olderThanMs, context.now().getTime(), (path) => {
        const owner = ownerOfUnpacked(basename(path))
        return owner !== undefined && isAlive(owner)
      }),
    removeAbandoned: (isDead) => removeAbandoned(context.partialDir, isDead),
  }
}

async function verifyModel(context: StoreContext, name: string, { signal, onProgress }: Watch): Promise<ModelCheck> {
  const { path, place, manifest } = pickByName(await findManifests(context.manifests), name)
  if (!manifest)
    throw new SluiceError('bad-manifest', `The manifest of ${name} cannot be read: ${path}`, {
      hint: 'Pull the model again, or remove it with sluice models rm.',
    })
  const problems: Array<ModelCheck['problems'][number]> = []
  const blobs = blobsOf(manifest)
  const total = blobs.reduce((sum, { size }) => sum + size, 0)
  let before = 0
  for (const { digest, size } of blobs) {
    let read = before
    const problem = await checkBlob(context, digest, size, signal, (bytes) => onProgress?.((read += bytes), total))
    if (problem !== 'good') problems.push({ digest, problem })
    before += size
    onProgress?.(before, total)
  }
  return { name: displayPlace(place), verdict: problems.length === 0 ? 'verified' : 'damaged', problems }
}
