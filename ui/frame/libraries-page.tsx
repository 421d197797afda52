import { LibrariesSection } from '../libraries/libraries-section.tsx'
import { ModelsSection } from '../models/models-section.tsx'
import styles from './libraries-page.module.css'

/** What is installed on the machine of the daemon. */
export function LibrariesPage() {
  return (
    <div className={styles['page']}>
      <ModelsSection />
      <div className={styles['section']}>
        <LibrariesSection />
      </div>
    </div>
  )
}
