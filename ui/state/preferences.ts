import { useCallback, useSyncExternalStore } from 'react'
import { isPreset } from './preset.ts'
import type { FilterPreset } from './preset.ts'
import { tabs } from './view.ts'
import type { Tab } from './view.ts'

export type { FilterPreset } from './preset.ts'

export interface Preferences {
  readonly theme: 'auto' | 'light' | 'dark'
  readonly density: 'comfortable' | 'compact'
  readonly language: 'auto' | 'en' | 'fa' | 'de'
  /** Desktop notifications; the browser's permission is another matter. */
  readonly notifications: boolean
  readonly sound: boolean
  /** Messages stay until they are dismissed. */
  readonly lastingMessages: boolean
  /** Shortcuts of one letter; those with Ctrl stay. */
  readonly letterShortcuts: boolean
  /** Pixels of the detail panel. */
  readonly detailWidth: number
  readonly filterPresets: readonly FilterPreset[]
  readonly lastTab: Tab
}

export const usualPreferences: Preferences = {
  theme: 'auto',
  density: 'comfortable',
  language: 'auto',
  notifications: false,
  sound: false,
  lastingMessages: false,
  letterShortcuts: true,
  detailWidth: 420,
  filterPresets: [],
  lastTab: 'active',
}

const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value)
const isFlag = oneOf(true, false)

/** What may stand in the browser's storage: anyone with the developer tools, or an older page, wrote it. */
const accepted: { readonly [K in keyof Preferences]: (value: unknown) => boolean } = {
  theme: oneOf('auto', 'light', 'dark'),
  density: oneOf('comfortable', 'compact'),
  language: oneOf('auto', 'en', 'fa', 'de'),
  notifications: isFlag,
  sound: isFlag,
  lastingMessages: isFlag,
  letterShortcuts: isFlag,
  detailWidth: (value) => Number.isInteger(value) && Number(value) >= 280 && Number(value) <= 1200,
  filterPresets: (value) => Array.isArray(value) && value.length <= 50 && value.every(isPreset),
  lastTab: oneOf(...tabs),
}

const prefix = 'sluice.'

export function createPreferences(storage: () => Pick<Storage, 'getItem' | 'setItem'> | undefined) {
  const kept = new Map<string, unknown>()
  const listeners = new Set<() => void>()

  function read<K extends keyof Preferences>(key: K): Preferences[K] {
    try {
      const text = storage()?.getItem(prefix + key) ?? null
      const value: unknown = text === null ? undefined : JSON.parse(text)
      if (value !== undefined && accepted[key](value)) return value as Preferences[K]
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof DOMException)) throw error
    }
    return usualPreferences[key]
  }

  return {
    /** The same object until it changes. */
    get<K extends keyof Preferences>(key: K): Preferences[K] {
      if (!kept.has(key)) kept.set(key, read(key))
      return kept.get(key) as Preferences[K]
    },
    /** Kept for this page even where the storage is full or not allowed. A value that is not accepted is not taken. */
    set<K extends keyof Preferences>(key: K, value: Preferences[K]): void {
      if (!accepted[key](value)) return
      kept.set(key, value)
      try {
        storage()?.setItem(prefix + key, JSON.stringify(value))
      } catch (error) {
        if (!(error instanceof DOMException)) throw error
      }
      for (const listener of listeners) listener()
    },
    /** Another tab wrote something. */
    forget(): void {
      kept.clear()
      for (const listener of listeners) listener()
    },
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const preferences = createPreferences(() => globalThis.localStorage)

if (globalThis.window !== undefined) addEventListener('storage', preferences.forget)

export function usePreference<K extends keyof Preferences>(key: K): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(preferences.subscribe, () => preferences.get(key))
  return [value, useCallback((next: Preferences[K]) => preferences.set(key, next), [key])]
}
