import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Card } from './card.tsx'
import { ranked } from './figures.ts'
import styles from './statistics.module.css'

const most = 8

export function HostsCard({ bytesByHost }: { readonly bytesByHost: Readonly<Record<string, number>> }) {
  return (
    <Card title={t('statistics.hosts')} note={t('statistics.hostsText')}>
      <RankTable values={bytesByHost} name={t('statistics.host')} unit={t('statistics.size')} show={bytes} />
    </Card>
  )
}

export function TypesCard({ filesByType }: { readonly filesByType: Readonly<Record<string, number>> }) {
  const show = (value: number): string => t('statistics.files', { count: value })
  return (
    <Card title={t('statistics.types')} note={t('statistics.typesText')}>
      <RankTable values={filesByType} name={t('statistics.type')} unit={t('statistics.filesHead')} show={show} />
    </Card>
  )
}

interface RankTableProps {
  readonly values: Readonly<Record<string, number>>
  readonly name: string
  readonly unit: string
  readonly show: (value: number) => string
}

function RankTable({ values, name, unit, show }: RankTableProps) {
  const { rows, rest } = ranked(values, most)
  return (
    <table className={styles['ranks']} aria-label={name}>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{name}</th>
          <th scope="col">{unit}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" title={row.name}>
              <bdi>{row.name === '' ? t('statistics.noType') : row.name}</bdi>
              <span className={styles['part']} style={{ inlineSize: `${row.part * 100}%` }} />
            </th>
            <td>{show(row.value)}</td>
          </tr>
        ))}
        {rest.names > 0 && (
          <tr className={styles['rest']}>
            <th scope="row">{t('statistics.rest', { count: rest.names })}</th>
            <td>{show(rest.value)}</td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
