import type { Key } from '../i18n/index.ts'
import type { Preferences } from '../state/preferences.ts'

export const themeNames: Readonly<Record<Preferences['theme'], Key>> = {
  auto: 'frame.themeAuto',
  light: 'frame.themeLight',
  dark: 'frame.themeDark',
}

export const densityNames: Readonly<Record<Preferences['density'], Key>> = {
  comfortable: 'frame.densityComfortable',
  compact: 'frame.densityCompact',
}
