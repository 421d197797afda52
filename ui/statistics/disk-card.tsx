import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { useHealth } from '../state/live.ts'
import { Card } from './card.tsx'
import styles from './statistics.module.css'

/** What was downloaded over all time beside what is free: not all of it need be on the disk still. */
export function DiskCard({ downloaded }: { readonly downloaded: number }) {
  const freeSpace = useHealth()?.freeSpace
  if (freeSpace === undefined) return null
  return (
    <Card title={t('statistics.disk')}>
      {freeSpace === null ? (
        <p>{t('statistics.diskUnknown')}</p>
      ) : (
        <>
          <svg
            className={styles['disk']}
            viewBox="0 0 100 1"
            preserveAspectRatio="none"
            role="img"
            aria-label={t('statistics.diskBar')}
          >
            <rect
              className={styles['disk-used']}
              width={(downloaded / Math.max(1, downloaded + freeSpace)) * 100}
              height="1"
            />
          </svg>
          <p className={styles['ends']}>
            <span>{t('statistics.diskUsed', { size: bytes(downloaded) })}</span>
            <span>{t('statistics.diskFree', { size: bytes(freeSpace) })}</span>
          </p>
        </>
      )}
    </Card>
  )
}
