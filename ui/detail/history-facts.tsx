import type { HistoryEntry } from '../../src/server/api-types.ts'
import { bytes, count, duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { verdictReason } from '../state/texts.ts'
import { ErrorBox } from './error-box.tsx'
import { Fact } from './fact.tsx'
import { digestList } from './facts.ts'
import { Moment } from './moment.tsx'
import { useNow } from './use-now.ts'
import styles from './detail.module.css'

/** What history keeps of a download that is no longer listed. */
export function HistoryFacts({ entry }: { readonly entry: HistoryEntry }) {
  const now = useNow(5000)
  const { reference, url, host, path, type, status, fileSize, speed, error, verdict } = entry
  return (
    <>
      {error !== null && <ErrorBox error={error} />}
      <section className={styles['section']}>
        <h3 className={styles['heading']}>{t('detail.facts')}</h3>
        <p className={styles['quiet']}>{t('detail.goneHistory')}</p>
        <dl>
          {reference !== url && (
            <Fact name={t('detail.reference')} copy={reference} code>
              {reference}
            </Fact>
          )}
          <Fact name={t('detail.url')} copy={url} code>
            {url}
          </Fact>
          <Fact name={t('detail.host')} code>
            {host}
          </Fact>
          {path !== '' && status === 'completed' && (
            <Fact name={t('detail.path')} copy={path} code>
              {path}
            </Fact>
          )}
          <Fact name={t('detail.size')}>{sizeText(fileSize)}</Fact>
          <Fact name={t('detail.type')}>{type === 'unknown' ? t('common.unknown') : <bdi>{type}</bdi>}</Fact>
          {entry.startedAt !== null && (
            <Fact name={t('detail.started')}>
              <Moment iso={entry.startedAt} now={now} />
            </Fact>
          )}
          <Fact name={t(status === 'completed' ? 'detail.completed' : 'detail.ended')}>
            <Moment iso={entry.downloadedAt} now={now} />
          </Fact>
          {speed > 0 && <Fact name={t('detail.averageSpeed')}>{rate(speed)}</Fact>}
          {entry.duration > 0 && <Fact name={t('detail.activeTime')}>{duration(entry.duration)}</Fact>}
          {verdict !== null && <Fact name={t('detail.verdict')}>{verdictReason(verdict)}</Fact>}
          {digestList(entry.digests).map(({ name, hex }) => (
            <Fact key={name} name={name} copy={hex} code>
              {hex}
            </Fact>
          ))}
        </dl>
      </section>
    </>
  )
}

function sizeText(size: number | null): string {
  if (size === null) return t('common.unknown')
  return size < 1024 ? bytes(size) : t('detail.sizeExact', { size: bytes(size), count: count(size) })
}
