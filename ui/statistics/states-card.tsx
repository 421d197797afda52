import { downloadStatuses } from '../../src/core/download-states.ts'
import type { Statistics } from '../../src/server/api-types.ts'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { statusName } from '../state/texts.ts'
import { Card } from './card.tsx'
import styles from './statistics.module.css'

export function StatesCard({ counts }: { readonly counts: Statistics['counts'] }) {
  return (
    <Card title={t('statistics.states')} note={t('statistics.statesText')}>
      <dl className={styles['states']}>
        {downloadStatuses.map((status) => (
          <div key={status} className={styles['state']} data-none={counts[status] === 0 || undefined}>
            <dt>{statusName(status)}</dt>
            <dd>{count(counts[status])}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
