import type { Download } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Shield, ShieldCheck, ShieldQuestionMark } from '../parts/icon.tsx'
import type { IconComponent } from '../parts/icon.tsx'
import { Tooltip } from '../parts/tooltip.tsx'
import { verdictName, verdictReason } from '../state/texts.ts'
import { bestDigest } from './row-view.ts'
import styles from './row.module.css'

type Verdict = NonNullable<Download['verdict']>

const looks: Readonly<Record<Verdict, readonly [icon: IconComponent, tone: string]>> = {
  verified: [ShieldCheck, 'good'],
  'length-only': [Shield, 'quiet'],
  unverified: [ShieldQuestionMark, 'warning'],
}

export interface VerdictBadgeProps {
  readonly verdict: Verdict
  readonly digests: Download['digests']
  /** Tab leads to it. */
  readonly isReachable: boolean
}

/** How sure one can be of a finished file; why, and its digest, on hover and on focus. */
export function VerdictBadge({ verdict, digests, isReachable }: VerdictBadgeProps) {
  const [Icon, tone] = looks[verdict]
  const why = verdictReason(verdict)
  const digest = verdict === 'verified' ? bestDigest(digests) : null
  const text = digest ? t('list.withDigest', { why, name: digest[0].toUpperCase(), digest: digest[1] }) : why
  return (
    <Tooltip text={text}>
      <button
        type="button"
        className={styles['verdict']}
        data-tone={tone}
        tabIndex={isReachable ? 0 : -1}
        aria-label={`${verdictName(verdict)}. ${text}`}
      >
        <Icon size={14} aria-hidden="true" />
        <span className={styles['word']}>{verdictName(verdict)}</span>
      </button>
    </Tooltip>
  )
}
