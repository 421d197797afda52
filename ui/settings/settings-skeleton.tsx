import { t } from '../i18n/index.ts'
import { Skeleton } from '../parts/skeleton.tsx'
import styles from './settings.module.css'

export function SettingsSkeleton() {
  return (
    <div className={styles['page']} role="status" aria-busy="true" aria-label={t('common.loading')}>
      <div className={styles['links']} />
      <div className={styles['sections']}>
        {['first', 'second', 'third', 'fourth'].map((row) => (
          <div key={row} className={styles['row']}>
            <Skeleton width="180px" />
            <Skeleton width="280px" height="32px" />
            <Skeleton width="320px" />
          </div>
        ))}
      </div>
    </div>
  )
}
