import { SluiceError } from '../core/errors.ts'
import type { Store, StoredRecord } from '../store/types.ts'

export type RecordStore = Pick<Store, 'records' | 'putRecord' | 'removeRecord'>

/** Small things of one kind, all in memory and kept in the store; `get`, `put` and `remove` know them by id. */
export interface Records<T> {
  all(): ReadonlyArray<readonly [id: string, value: T]>
  has(id: string): boolean
  /** Throws `not-found`. */
  get(id: string): T
  /** Counts at once, as `remove` does; when it cannot be kept, what was there before is back. */
  put(id: string, value: T): Promise<void>
  remove(id: string): Promise<void>
}

export async function openRecords<T>(
  store: RecordStore,
  kind: string,
  form: { readonly read: (record: StoredRecord) => T; readonly write: (id: string, value: T) => StoredRecord },
): Promise<Records<T>> {
  const values = new Map((await store.records(kind)).map((record) => [record.id, form.read(record)]))
  const get = (id: string): T => {
    const value = values.get(id)
    if (value === undefined) throw new SluiceError('not-found', `There is no such ${kind}.`, { hint: 'Check the id.' })
    return value
  }
  return {
    all: () => [...values],
    has: (id) => values.has(id),
    get,
    put: async (id, value) => {
      const before = values.get(id)
      values.set(id, value)
      try {
        await store.putRecord(kind, form.write(id, value))
      } catch (error) {
        if (before === undefined) values.delete(id)
        else values.set(id, before)
        throw error
      }
    },
    remove: async (id) => {
      const before = get(id)
      values.delete(id)
      try {
        await store.removeRecord(kind, id)
      } catch (error) {
        values.set(id, before)
        throw error
      }
    },
  }
}
