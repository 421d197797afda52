import type { LibraryModel } from '../../src/server/api-types.ts'
import { bytes, duration } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { When } from '../list/note.tsx'
import { IconButton } from '../parts/button.tsx'
import { ShieldCheck, Trash2, X } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { ProgressLine } from '../parts/progress-line.tsx'
import { useNow } from '../detail/use-now.ts'
import { modelState } from './model-state.ts'
import styles from './models.module.css'
import { StateMark } from './state-mark.tsx'
import type { Check, Checks } from './use-checks.ts'

export interface ModelRowProps {
  readonly model: LibraryModel
  readonly checks: Checks
  readonly onOpen: (model: LibraryModel) => void
  readonly onDelete: (model: LibraryModel) => void
}

/** One installed model; its name opens what is known of it. */
export function ModelRow({ model, checks, onOpen, onDelete }: ModelRowProps) {
  const { name, size, parameters, quantization, modifiedAt } = model
  const check = checks.of(model)
  const unknown = <span className={styles['none']}>–</span>
  return (
    <div role="row" className={styles['row']} data-model={name}>
      <div role="rowheader" data-column="name">
        <button type="button" className={styles['name']} aria-haspopup="dialog" onClick={() => onOpen(model)}>
          <MiddleText text={name} />
        </button>
      </div>
      <div role="cell" data-column="size">
        {bytes(size)}
      </div>
      <div role="cell" data-column="parameters">
        {parameters === null ? unknown : <bdi>{parameters}</bdi>}
      </div>
      <div role="cell" data-column="quantization">
        {quantization === null ? unknown : <bdi>{quantization}</bdi>}
      </div>
      <div role="cell" data-column="modified">
        <When at={Date.parse(modifiedAt)} />
      </div>
      <div role="cell" data-column="state">
        <StateMark state={modelState(model, check)} />
        {check?.kind === 'running' && <Running name={name} since={check.since} />}
      </div>
      <div role="cell" data-column="actions">
        <VerifyButton model={model} check={check} checks={checks} />
        <IconButton
          label={t('models.deleteNamed', { name })}
          icon={<Trash2 aria-hidden="true" />}
          onClick={() => onDelete(model)}
        />
      </div>
    </div>
  )
}

interface VerifyButtonProps {
  readonly model: LibraryModel
  readonly check: Check | undefined
  readonly checks: Checks
}

/** One button for both, so that the focus stays on it. */
function VerifyButton({ model, check, checks }: VerifyButtonProps) {
  const isRunning = check?.kind === 'running'
  const { name } = model
  return (
    <IconButton
      label={t(isRunning ? 'models.stopVerifyingNamed' : 'models.verifyNamed', { name })}
      icon={isRunning ? <X aria-hidden="true" /> : <ShieldCheck aria-hidden="true" />}
      onClick={() => (isRunning ? checks.stop(model) : checks.start(model))}
    />
  )
}

/** The daemon tells no part of it, so the time that has passed shows that it goes on. */
function Running({ name, since }: { readonly name: string; readonly since: number }) {
  const now = useNow(1000)
  const time = duration(Math.max(0, (now - since) / 1000))
  return (
    <span className={styles['running']}>
      <span>{t('models.verifyingFor', { time })}</span>
      <ProgressLine
        label={t('models.verifying', { name })}
        value={null}
        valueText={t('models.verifyingFor', { time })}
      />
    </span>
  )
}
