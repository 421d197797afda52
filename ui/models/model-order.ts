import type { LibraryModel } from '../../src/server/api-types.ts'
import { compare, hasWords, turned } from '../installed/order.ts'
import type { Order as OrderOf } from '../installed/order.ts'

export const columns = ['name', 'size', 'parameters', 'quantization', 'modified', 'state'] as const
export type Column = (typeof columns)[number]
export type Order = OrderOf<Column>

const falling: ReadonlySet<Column> = new Set(['size', 'parameters', 'modified'])

/** Another column begins with what one looks for first there: the largest, the newest, what needs somebody. */
export function nextOrder(now: Order, column: Column): Order {
  return turned(now, column, falling)
}

/** Those whose name, family, parameters or quantization have all the words, in order. `trouble` ranks states. */
export function arranged(
  models: readonly LibraryModel[],
  search: string,
  { column, descending }: Order,
  trouble: (model: LibraryModel) => number,
): readonly LibraryModel[] {
  const found = models.filter(({ name, fullName, family, parameters, quantization }) =>
    hasWords(search, [name, fullName, family, parameters, quantization]),
  )
  const values: Readonly<Record<Column, (model: LibraryModel) => number | string>> = {
    name: ({ name }) => name,
    size: ({ size }) => size,
    parameters: ({ parameters }) => parameterCount(parameters),
    quantization: ({ quantization }) => quantization ?? '',
    modified: ({ modifiedAt }) => Date.parse(modifiedAt),
    state: (model) => -trouble(model),
  }
  const sign = descending ? -1 : 1
  const value = values[column]
  return found.sort((a, b) => sign * compare(value(a), value(b)) || compare(a.name, b.name))
}

const units: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, t: 1e12 }

/** `1.2B` and `137M` as numbers; -1 for what is no such text. */
export function parameterCount(text: string | null): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)([kmbt]?)$/i.exec(text?.trim() ?? '') ?? []
  return number === '' ? -1 : Number(number) * (units[unit.toLowerCase()] ?? 1)
}
