import { bytes, duration } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { hasToken } from '../state/client.ts'
import { useHealth } from '../state/live.ts'
import { Section } from './section.tsx'
import styles from './settings.module.css'

export function AboutSection() {
  const health = useHealth()
  const { status, version, uptime, database, freeSpace, problems = [] } = health ?? {}
  return (
    <Section id="about">
      <dl className={styles['facts']}>
        {version !== undefined && <Fact name={t('settings.version')} value={version} />}
        {status !== undefined && (
          <Fact
            name={t('settings.health')}
            value={status === 'ok' ? t('settings.healthOk') : [t('settings.healthDegraded'), ...problems].join('. ')}
          />
        )}
        {uptime !== undefined && <Fact name={t('settings.uptime')} value={duration(uptime)} />}
        {database !== undefined && <Fact name={t('settings.database')} value={database} />}
        {typeof freeSpace === 'number' && <Fact name={t('settings.freeSpace')} value={bytes(freeSpace)} />}
      </dl>
      {hasToken() ? (
        // A link that the browser follows cannot carry the token.
        <p className={styles['hint']}>{t('settings.documentationToken')}</p>
      ) : (
        <p className={styles['documents']}>
          <a href="/api/docs">{t('settings.documentation')}</a>
          <a href="/api/openapi.json">{t('settings.openapi')}</a>
        </p>
      )}
    </Section>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  )
}
