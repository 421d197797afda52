import { t } from '../i18n/index.ts'
import { ModelsSection } from '../models/models-section.tsx'
import styles from './libraries-page.module.css'

/** What is installed on the machine of the daemon. */
export function LibrariesPage() {
  return (
    <div className={styles['page']}>
      <ModelsSection />
      <section aria-labelledby="libraries" className={styles['section']}>
        <h2 id="libraries">{t('frame.librariesTitle')}</h2>
        <p className={styles['note']}>{t('frame.librariesText')}</p>
      </section>
    </div>
  )
}
