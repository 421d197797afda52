import type { DownloadDetail } from '../../src/server/api-types.ts'
import { bytes, count, rate } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { isolated } from './cause-words.ts'
import styles from './connections.module.css'

type Connection = DownloadDetail['connectionDetails'][number]

export interface ConnectionsProps {
  readonly list: readonly Connection[]
  /** Ranges are within one of several files. */
  readonly isOfModel: boolean
}

/** Who fetches what, in the order of the file; numbers as in the map. */
export function Connections({ list, isOfModel }: ConnectionsProps) {
  const several = new Set(list.map(({ host }) => host)).size > 1
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">{t('detail.connections')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('detail.connectionNumber')}</th>
          {several && <th scope="col">{t('detail.host')}</th>}
          <th scope="col">{t(isOfModel ? 'detail.connectionRangeOfFile' : 'detail.connectionRange')}</th>
          <th scope="col" className={styles['figure']}>
            {t('detail.connectionSpeed')}
          </th>
          <th scope="col">{t('detail.connectionState')}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((connection, index) => (
          // Their place in the file is what tells them apart.
          <tr key={index}>
            <td>
              <span className={styles['number']}>{count(index + 1)}</span>
            </td>
            {several && (
              <td className={styles['host']}>
                <bdi>{connection.host}</bdi>
              </td>
            )}
            <td>{rangeText(connection)} </td>
            <td className={styles['figure']}>{rate(connection.speed)}</td>
            <td>{t(connection.state === 'receiving' ? 'detail.receiving' : 'detail.waiting')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function rangeText({ start, end }: Connection): string {
  return t('detail.range', {
    start: isolated(bytes(start)),
    end: end === null ? t('detail.toEnd') : isolated(bytes(end)),
  })
}
