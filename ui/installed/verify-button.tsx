import { useNow } from '../detail/use-now.ts'
import { duration } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { ShieldCheck, X } from '../parts/icon.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import type { Checks } from './checks.ts'
import styles from './installed.module.css'

export interface VerifyButtonProps<T> {
  readonly item: T
  readonly name: string
  readonly checks: Checks<T, unknown>
  /** With its word, not as an icon alone. */
  readonly isWide?: boolean
}

/** One button to begin and to stop, so that the focus stays on it. */
export function VerifyButton<T>({ item, name, checks, isWide = false }: VerifyButtonProps<T>) {
  const isRunning = checks.of(item)?.kind === 'running'
  const icon = isRunning ? <X aria-hidden="true" /> : <ShieldCheck aria-hidden="true" />
  const onClick = (): void => (isRunning ? checks.stop(item) : checks.start(item))
  if (isWide) {
    return (
      <Button variant="primary" icon={icon} onClick={onClick}>
        {t(isRunning ? 'models.stopVerifying' : 'models.verify')}
      </Button>
    )
  }
  const label = t(isRunning ? 'models.stopVerifyingNamed' : 'models.verifyNamed', { name })
  return <IconButton label={label} icon={icon} onClick={onClick} />
}

/** The daemon tells no part of it, so the time that has passed shows that it goes on. */
export function Verifying({ name, since }: { readonly name: string; readonly since: number }) {
  const now = useNow(1000)
  const text = t('models.verifyingFor', { time: duration(Math.max(0, (now - since) / 1000)) })
  return (
    <span className={styles['running']}>
      <span>{text}</span>
      <ProgressLine label={t('models.verifying', { name })} value={null} valueText={text} />
    </span>
  )
}
