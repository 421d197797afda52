import { SluiceError } from '../core/errors.ts'
import type { InstalledModel, RemovedModel } from '../models/types.ts'
import type { Desk } from './desk.ts'

/**
 * Removes a model of the store, unless a pull that runs has counted one of its blobs as there: that one would end without
 * it (`in-use`).
 */
export async function removeModel(
  { library, ledger }: Pick<Desk, 'library' | 'ledger'>,
  model: InstalledModel,
): Promise<RemovedModel> {
  const own = new Set(model.blobs.map(({ digest }) => digest))
  for (const { row, run } of ledger.all()) {
    if (run === null || row.kind !== 'model') continue
    // What a pull needs is known when it has its manifest.
    if (row.files.length > 0 && !row.files.some(({ digest }) => own.has(digest))) continue
    throw new SluiceError('in-use', `${row.filename} is being pulled, and may need what ${model.name} is made of.`, {
      hint: 'Wait until it is complete, or pause it.',
    })
  }
  return library.remove(model.fullName)
}
