import { t } from '../i18n/index.ts'
import { languages } from '../i18n/language.ts'
import { Button } from '../parts/button.tsx'
import { Check, Keyboard, SlidersHorizontal } from '../parts/icon.tsx'
import { Menu } from '../parts/menu.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { usePreference } from '../state/preferences.ts'
import { useLanguage } from '../i18n/index.ts'
import { densityNames, themeNames } from './choices.ts'
import { openHelp } from './help.ts'
import styles from './rail.module.css'

/** The quick way to what the settings have under "Appearance", and to the help. */
export function AppearanceMenu() {
  const [theme, setTheme] = usePreference('theme')
  const [density, setDensity] = usePreference('density')
  const [, setLanguage] = usePreference('language')
  const { language } = useLanguage()
  const tick = <Check size={16} aria-hidden="true" />
  const items: MenuItem[] = [
    ...(['auto', 'light', 'dark'] as const).map((one) => ({
      label: t(themeNames[one]),
      icon: tick,
      checked: theme === one,
      onSelect: () => setTheme(one),
    })),
    'separator',
    ...(['comfortable', 'compact'] as const).map((one) => ({
      label: t(densityNames[one]),
      icon: tick,
      checked: density === one,
      onSelect: () => setDensity(one),
    })),
    'separator',
    ...languages.map(({ id, name }) => ({
      label: name,
      icon: tick,
      checked: language === id,
      onSelect: () => setLanguage(id),
    })),
    'separator',
    { label: t('frame.help'), icon: <Keyboard size={16} />, shortcut: '?', onSelect: openHelp },
  ]
  const label = t('frame.appearance')
  return (
    <Menu
      align="start"
      trigger={
        <Button
          variant="plain"
          icon={<SlidersHorizontal aria-hidden="true" />}
          aria-label={label}
          // Where there is no room for the words.
          data-tooltip={label}
          className={styles['appearance']}
        >
          <span className={styles['word']}>{label}</span>
        </Button>
      }
      items={items}
    />
  )
}
