import type { DownloadDetail } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { CircleAlert } from '../parts/icon.tsx'
import { errorText } from '../state/texts.ts'
import styles from './detail.module.css'

/** What went wrong, what to do, and the exact words for whoever is asked for help. */
export function ErrorBox({ error }: { readonly error: NonNullable<DownloadDetail['error']> }) {
  const { text, hint } = errorText(error)
  return (
    <div className={styles['error']}>
      <CircleAlert size={16} aria-hidden="true" />
      <div>
        <p className={styles['error-text']}>{text}</p>
        {hint !== '' && <p>{hint}</p>}
        <details>
          <summary>{t('detail.errorTechnical')}</summary>
          <p dir="ltr">
            <code>{error.code}</code>: {error.message}
          </p>
        </details>
      </div>
    </div>
  )
}
