import { densityNames, themeNames } from '../frame/choices.ts'
import { openHelp } from '../frame/help.ts'
import { t, useLanguage } from '../i18n/index.ts'
import { languages } from '../i18n/language.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Keyboard } from '../parts/icon.tsx'
import { Select } from '../parts/inputs.tsx'
import { usePreference } from '../state/preferences.ts'
import { NoticeSwitches } from './notice-switches.tsx'
import { Section } from './section.tsx'
import styles from './settings.module.css'

/** What belongs to this browser and not to the daemon. */
export function AppearanceSection() {
  const [theme, setTheme] = usePreference('theme')
  const [density, setDensity] = usePreference('density')
  const [, setLanguage] = usePreference('language')
  const { language } = useLanguage()
  return (
    <Section id="appearance" note={t('settings.local')}>
      <div className={styles['row']}>
        <Field label={t('settings.theme')}>
          <Select
            className={styles['choice'] ?? ''}
            label={t('settings.theme')}
            value={theme}
            onChange={setTheme}
            options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(themeNames[value]) }))}
          />
        </Field>
      </div>
      <div className={styles['row']}>
        <Field label={t('settings.density')}>
          <Select
            className={styles['choice'] ?? ''}
            label={t('settings.density')}
            value={density}
            onChange={setDensity}
            options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(densityNames[value]) }))}
          />
        </Field>
      </div>
      <div className={styles['row']}>
        <Field label={t('settings.language')}>
          <Select
            className={styles['choice'] ?? ''}
            label={t('settings.language')}
            value={language}
            onChange={setLanguage}
            options={languages.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Field>
      </div>
      <NoticeSwitches />
      <div className={styles['row']}>
        <Button className={styles['add']} icon={<Keyboard aria-hidden="true" />} onClick={openHelp}>
          {t('frame.help')}
        </Button>
      </div>
    </Section>
  )
}
