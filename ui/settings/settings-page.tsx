import { useEffect } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { CircleAlert } from '../parts/icon.tsx'
import { client } from '../state/client.ts'
import { useConnection, useSettings } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { AboutSection } from './about-section.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { fieldSections, settingFields } from './form-model.ts'
import { ResetAll } from './reset-all.tsx'
import { SchedulesSection } from './schedules-section.tsx'
import { Section } from './section.tsx'
import { SectionLinks } from './section-links.tsx'
import { SettingRow } from './setting-row.tsx'
import styles from './settings.module.css'
import { SettingsSkeleton } from './settings-skeleton.tsx'
import { useLoaded } from './use-loaded.ts'
import { WebhooksSection } from './webhooks-section.tsx'

/** The form comes from the schema that the daemon describes itself with: a new setting appears here by itself. */
export function SettingsPage() {
  const described = useLoaded('document', client.document)
  const settings: Readonly<Record<string, unknown>> | undefined = useSettings()
  const { error, reload } = described
  const connection = useConnection()
  const isBack = error !== undefined && (connection === 'live' || connection === 'polling')
  useEffect(() => {
    if (isBack) void reload()
  }, [isBack, reload])
  if (described.value === undefined || settings === undefined) {
    if (error === undefined) return <SettingsSkeleton />
    const { text, hint } = errorText(error)
    return (
      <EmptyState
        icon={<CircleAlert />}
        title={t('settings.failedTitle')}
        text={`${text} ${hint}`}
        action={<Button onClick={() => void reload()}>{t('settings.failedAgain')}</Button>}
      />
    )
  }
  const sections = fieldSections(settingFields(described.value))
  const own = ['appearance', 'schedules', 'webhooks', 'about'] as const
  return (
    <div className={styles['page']}>
      <SectionLinks ids={[...sections.map(({ id }) => id), ...own]} />
      <div className={styles['sections']}>
        {sections.map(({ id, fields }) => (
          <Section key={id} id={id}>
            {fields.map((field) => (
              <SettingRow key={field.key} field={field} value={settings[field.key]} />
            ))}
          </Section>
        ))}
        <AppearanceSection />
        <SchedulesSection />
        <WebhooksSection />
        <AboutSection />
        <ResetAll />
      </div>
    </div>
  )
}
