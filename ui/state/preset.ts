import { addressOf, firstView, viewOf } from './view.ts'
import type { View, ViewChange } from './view.ts'

/** Filters under a name. */
export interface FilterPreset {
  readonly name: string
  /** Address of the view, as addressOf writes it. */
  readonly address: string
}

export function isPreset(value: unknown): value is FilterPreset {
  if (typeof value !== 'object' || value === null) return false
  const { name, address } = value as Readonly<Record<string, unknown>>
  return isText(name, 100) && name !== '' && isText(address, 2000) && address.startsWith('/')
}

export function presetOf(name: string, view: View): FilterPreset {
  return { name: name.trim().slice(0, 100), address: addressOf({ ...view, selected: null }) }
}

/** What to give to `setView`. */
export function viewOfPreset({ address }: FilterPreset): ViewChange {
  const [path = '/', query = ''] = address.split(/\?(.*)/s)
  const missing = { minSize: undefined, maxSize: undefined, since: undefined, until: undefined }
  return { ...firstView, ...missing, ...viewOf(path, query), page: 'downloads', selected: null }
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length <= most
}
