import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { SluiceError } from '../core/errors.ts'
import { displayPlace, manifestPlace, parseModel } from '../core/model-name.ts'
import type { InstalledModel, ModelCheck, PullPreview, RemovedModel, UnzippedModels } from '../models/types.ts'
import type { StoredDownload } from '../store/types.ts'
import { usage } from './check-fields.ts'
import type { CheckedRequest } from './check-request.ts'
import type { Desk } from './desk.ts'
import type { FileChecks } from './file-checks.ts'
import { placeOfModel, pullRequest } from './model-place.ts'
import { withProgress } from './model-work.ts'
import { removeModel } from './remove-model.ts'
import type { LibraryModel, ModelList, ModelQuery } from './model-types.ts'

/** The models that are installed. What takes long ends with the signal, and when the daemon is closed. */
export interface Models {
  list(query: ModelQuery): Promise<ModelList>
  get(name: string): Promise<InstalledModel>
  verify(name: string, signal?: AbortSignal): Promise<ModelCheck>
  remove(name: string): Promise<RemovedModel>
  /** Of a zip below the daemon's folder. */
  unzip(file: string, signal?: AbortSignal): Promise<UnzippedModels>
  preview(wanted: CheckedRequest, signal?: AbortSignal): Promise<PullPreview>
  /** The folder that shows a completed model: its own, or the store; undefined where it is a file of the daemon's folder. */
  folderOf(row: StoredDownload): Promise<string | undefined>
  close(): void
}

export function createModels(desk: Desk, checks: FileChecks): Models {
  const { library, folder, ledger } = desk
  const closing = new AbortController()
  const until = (signal?: AbortSignal): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])

  async function find(name: string): Promise<InstalledModel | undefined> {
    const models = await library.list()
    const shown = shownName(name).toLowerCase()
    return (
      models.find((one) => one.name === name || one.fullName === name) ??
      models.find((one) => one.name.toLowerCase() === shown)
    )
  }

  return {
    async list(query) {
      const models = (await library.list()).filter((one) => isWanted(one, query.search ?? ''))
      models.sort(orders[query.sort])
      if (query.descending) models.reverse()
      const sizes = new Map(models.flatMap(({ blobs }) => blobs.map(({ digest, size }) => [digest, size])))
      return {
        models: models.map(listed),
        dir: library.dir,
        total: models.length,
        size: sizes.values().reduce((sum, size) => sum + size, 0),
      }
    },
    async get(name) {
      const found = await find(name)
      if (found) return found
      throw new SluiceError('not-found', 'There is no such model in the store.', { hint: 'See sluice models.' })
    },
    verify: (name, signal) =>
      withProgress(desk, { kind: 'verify', name }, (onProgress) =>
        library.verify(name, { signal: until(signal), onProgress }),
      ),
    async remove(name) {
      const model = await find(name)
      // The store knows more than it lists: manifests that cannot be read.
      if (model === undefined) return library.remove(name)
      const removed = await removeModel(desk, model)
      const gone = Array.from(ledger.with('completed')).filter(({ row }) => row.path === model.manifestPath)
      await Promise.all(gone.map(checks.check))
      return removed
    },
    async unzip(file, signal) {
      if (file === '' || /[\u0000-\u001f\u007f-\u009f]/.test(file)) throw usage('file: it must be the path of a zip.')
      const path = resolve(folder.root, file)
      if (!(await folder.contains(path)))
        throw new SluiceError('not-found', 'There is no such file in the folder for downloads.', {
          hint: 'Give its path below the folder of the daemon, which --dir sets.',
        })
      return withProgress(desk, { kind: 'unzip', name: file }, (onProgress) =>
        library.unzip(path, { signal: until(signal), onProgress }),
      )
    },
    async preview(wanted, signal) {
      const places = { dir: await folder.resolve(wanted.dir), modelsDir: library.dir }
      const request = pullRequest(wanted, places, desk.settings())
      return (await desk.puller()).preview(request, { signal: until(signal) })
    },
    async folderOf(row) {
      const place = row.kind === 'model' ? placeOfModel(row) : 'zip'
      if (row.status !== 'completed' || (place === 'zip' && row.kind !== 'llama')) return undefined
      const shown = row.kind === 'llama' ? row.path : place === 'store' ? library.dir : await folder.resolve(row.path)
      if (await isThere(row.path)) return shown
      throw new SluiceError('wrong-state', 'The model is no longer there.', { hint: 'Pull it again.' })
    },
    close: () => closing.abort(new SluiceError('stopping', 'The daemon is stopping.')),
  }
}

function listed(model: InstalledModel): LibraryModel {
  const { blobs: _, ...rest } = model
  return rest
}

/** `llama3.2` is listed as `llama3.2:latest`. */
function shownName(name: string): string {
  try {
    return displayPlace(manifestPlace(parseModel(name)))
  } catch (error) {
    if (error instanceof SluiceError) return name
    throw error
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function isWanted({ name, fullName, family, quantization }: InstalledModel, search: string): boolean {
  const text = [name, fullName, family ?? '', quantization ?? ''].join('\n').toLowerCase()
  return text.includes(search.toLowerCase())
}

type Order = (a: InstalledModel, b: InstalledModel) => number

const byName: Order = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const orders: Readonly<Record<ModelQuery['sort'], Order>> = {
  name: byName,
  size: (a, b) => a.size - b.size || byName(a, b),
  date: (a, b) => Date.parse(a.modifiedAt) - Date.parse(b.modifiedAt) || byName(a, b),
}
