import { changedSettings, defaultSettings } from '../config/settings.ts'
import type { Settings } from '../config/settings.ts'
import type { Store } from '../store/types.ts'
import type { ManagerLog } from './types.ts'

/** The settings of now and their changes, one after the other. */
export interface SettingsKeeper {
  now(): Settings
  change(change: unknown): Promise<Settings>
  reset(): Promise<Settings>
  /** The one listener hears of what is kept already. */
  onChange(listener: (settings: Settings, before: Settings) => void): void
}

/** `check` looks at what the settings alone cannot know, of what has changed. */
export async function openSettings(
  store: Pick<Store, 'loadSettings' | 'saveSettings'>,
  log: ManagerLog,
  check: (settings: Settings, before: Settings) => Promise<void>,
): Promise<SettingsKeeper> {
  let settings = stored(await store.loadSettings(), log)
  let last: Promise<unknown> = Promise.resolve()
  let hear: (settings: Settings, before: Settings) => void = () => undefined

  function set(make: () => Settings): Promise<Settings> {
    const done = last.then(async () => {
      const next = make()
      await check(next, settings)
      await store.saveSettings(differing(next))
      const before = settings
      settings = next
      hear(next, before)
      return next
    })
    last = done.catch(() => undefined)
    return done
  }

  return {
    now: () => settings,
    change: (change) => set(() => changedSettings(settings, change)),
    reset: () => set(() => defaultSettings),
    onChange: (listener) => {
      hear = listener
    },
  }
}

/** What an older or newer version kept and this one does not know counts as its default. */
function stored(kept: Readonly<Record<string, unknown>>, log: ManagerLog): Settings {
  let settings = defaultSettings
  for (const [key, value] of Object.entries(kept)) {
    try {
      settings = changedSettings(settings, { [key]: value })
    } catch (error) {
      log.warn({ key, error: String(error) }, 'a stored setting is not valid here; its default counts')
    }
  }
  return settings
}

function differing(settings: Settings): Record<string, unknown> {
  const defaults: Readonly<Record<string, unknown>> = defaultSettings
  const same = (key: string, value: unknown): boolean => JSON.stringify(value) === JSON.stringify(defaults[key])
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => !same(key, value)))
}
