import type { DownloadDetail } from '../../src/server/api-types.ts'
import { bytes, count, duration, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Select } from '../parts/inputs.tsx'
import { actions } from '../state/actions.ts'
import { verdictReason } from '../state/texts.ts'
import { Fact } from './fact.tsx'
import { averageSpeed, digestList } from './facts.ts'
import styles from './facts.module.css'
import { LimitFact } from './limit-fact.tsx'
import { Moment } from './moment.tsx'

export interface FactsListProps {
  readonly detail: DownloadDetail
  readonly now: number
}

/** Everything that is known of a download and stays the same for a while. */
export function FactsList({ detail, now }: FactsListProps) {
  const { id, kind, reference, url, host, path, status, priority, speedLimit, retries, maxRetries } = detail
  const average = averageSpeed(detail)
  const isOpen = status !== 'completed' && status !== 'cancelled'
  return (
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
      {path !== '' && (
        <Fact name={t(status === 'completed' ? 'detail.path' : 'detail.pathOnDisk')} copy={path} code>
          {path}
        </Fact>
      )}
      <Fact name={t('detail.size')}>{sizeText(detail)}</Fact>
      <Fact name={t('detail.type')}>{detail.type === 'unknown' ? t('common.unknown') : <bdi>{detail.type}</bdi>}</Fact>
      {isOpen ? (
        <div className={styles['fact']}>
          <dt className={styles['name']}>{t('detail.priority')}</dt>
          <dd className={styles['select']}>
            <Priority value={priority} onChange={(next) => void actions.priority([id], next)} />
          </dd>
        </div>
      ) : (
        <Fact name={t('detail.priority')}>{t('detail.priorityValue', { count: priority })}</Fact>
      )}
      {isOpen && <LimitFact limit={speedLimit} onChange={(limit) => void actions.limit([id], limit)} />}
      <Fact name={t('detail.added')}>
        <Moment iso={detail.addedAt} now={now} />
      </Fact>
      {detail.startedAt !== null && (
        <Fact name={t('detail.started')}>
          <Moment iso={detail.startedAt} now={now} />
        </Fact>
      )}
      {detail.completedAt !== null && (
        <Fact name={t('detail.completed')}>
          <Moment iso={detail.completedAt} now={now} />
        </Fact>
      )}
      {average !== null && <Fact name={t('detail.averageSpeed')}>{rate(average)}</Fact>}
      {detail.activeSeconds > 0 && <Fact name={t('detail.activeTime')}>{duration(detail.activeSeconds)}</Fact>}
      <Fact name={t('detail.retries')}>{t('detail.retriesOf', { count: retries, most: maxRetries })}</Fact>
      {detail.verdict !== null && <Fact name={t('detail.verdict')}>{verdictReason(detail.verdict)}</Fact>}
      {digestList(detail.digests).map(({ name, hex }) => (
        <Fact key={name} name={kind === 'model' ? t('detail.manifestDigest', { name }) : name} copy={hex} code>
          {hex}
        </Fact>
      ))}
    </dl>
  )
}

function sizeText({ bytesTotal, bytesDone, status }: DownloadDetail): string {
  const size = status === 'completed' ? bytesDone : bytesTotal
  if (size === null) return t(bytesDone > 0 ? 'detail.sizeUnknown' : 'detail.sizeNotYet')
  return size < 1024 ? bytes(size) : t('detail.sizeExact', { size: bytes(size), count: count(size) })
}

function Priority({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  const word = (n: number): string => {
    if (n === 10) return t('detail.priorityHigh', { count: n })
    if (n === 5) return t('detail.priorityUsual', { count: n })
    return n === 1 ? t('detail.priorityLow', { count: n }) : count(n)
  }
  return (
    <Select
      label={t('detail.priority')}
      hideLabel
      value={String(value)}
      onChange={(next) => onChange(Number(next))}
      options={Array.from({ length: 10 }, (_, index) => 10 - index).map((n) => ({ value: String(n), label: word(n) }))}
    />
  )
}
