import type { ReactNode } from 'react'
import type { DownloadDetail } from '../../src/server/api-types.ts'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { useDownloadSpeeds, useSettings } from '../state/live.ts'
import { Connections } from './connections.tsx'
import { ErrorBox } from './error-box.tsx'
import { FactsList } from './facts-list.tsx'
import { FileTable } from './file-table.tsx'
import { mapSummary } from './map-summary.ts'
import type { MapView } from './map-summary.ts'
import { ProgressFigures } from './progress-figures.tsx'
import { SegmentMap } from './segment-map.tsx'
import { lookBack } from './speed-curve.ts'
import { SpeedGraph } from './speed-graph.tsx'
import { Timeline } from './timeline.tsx'
import { useNow } from './use-now.ts'
import styles from './detail.module.css'

export interface DetailContentProps {
  readonly detail: DownloadDetail
  readonly map: MapView
}

const mapNames = { model: 'detail.mapOfModel', llama: 'detail.mapOfLlama' } as const

/** Everything below the name. */
export function DetailContent({ detail, map }: DetailContentProps) {
  const { id, kind, status, bytesDone, error, connectionDetails, timeline, speedLimit } = detail
  const isActive = status === 'active'
  const now = useNow(isActive ? 1000 : 5000)
  const hasSpeeds = useDownloadSpeeds(id).some(({ at }) => at > now - lookBack * 1000)
  const general = useSettings()?.speedLimit ?? 0
  const isOfLlama = kind === 'llama'
  const mapName = t(map.files === null ? 'detail.map' : mapNames[isOfLlama ? 'llama' : 'model'])
  const cap = lowest(speedLimit ?? 0, general)
  return (
    <>
      <ProgressFigures detail={detail} now={now} />
      {error !== null && <ErrorBox error={error} />}
      {(isActive || bytesDone > 0) && (
        <Section title={mapName}>
          <SegmentMap view={map} summary={mapSummary({ ...map, bytesDone })} name={mapName} />
        </Section>
      )}
      {map.files !== null && (
        <Section title={t(isOfLlama ? 'detail.builds' : 'detail.files')} number={map.files.all}>
          <FileTable files={detail.files} isOfLlama={isOfLlama} />
        </Section>
      )}
      {(isActive || hasSpeeds) && (
        <Section title={t('detail.speed')}>
          <SpeedGraph id={id} cap={cap} now={now} />
        </Section>
      )}
      {isActive && (
        <Section title={t('detail.connections')} number={connectionDetails.length}>
          {connectionDetails.length === 0 ? (
            <p className={styles['quiet']}>{t('detail.connectionsNone')}</p>
          ) : (
            <Connections list={connectionDetails} isOfModel={kind !== 'http'} />
          )}
        </Section>
      )}
      <Section title={t('detail.facts')}>
        <FactsList detail={detail} now={now} />
      </Section>
      <Section title={t('detail.timeline')}>
        <Timeline timeline={timeline} kind={kind} now={now} />
      </Section>
    </>
  )
}

/** The lower one of two caps, where 0 is none. */
function lowest(one: number, other: number): number | null {
  if (one === 0 || other === 0) return one + other === 0 ? null : one + other
  return Math.min(one, other)
}

interface SectionProps {
  readonly title: string
  readonly number?: number
  readonly children: ReactNode
}

function Section({ title, number, children }: SectionProps) {
  return (
    <section className={styles['section']}>
      <h3 className={styles['heading']}>
        {title}
        {number !== undefined && number > 0 && <span className={styles['count']}>{count(number)}</span>}
      </h3>
      {children}
    </section>
  )
}
