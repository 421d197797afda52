import type { LibraryModel } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { StateMark } from '../installed/state-mark.tsx'
import { VerifyButton, Verifying } from '../installed/verify-button.tsx'
import { When } from '../list/note.tsx'
import { IconButton } from '../parts/button.tsx'
import { Trash2 } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { modelState } from './model-state.ts'
import type { ModelChecks } from './use-checks.ts'

export interface ModelRowProps {
  readonly model: LibraryModel
  readonly checks: ModelChecks
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
        {check?.kind === 'running' && <Verifying name={name} since={check.since} />}
      </div>
      <div role="cell" data-column="actions">
        <VerifyButton item={model} name={name} checks={checks} />
        <IconButton
          label={t('models.deleteNamed', { name })}
          icon={<Trash2 aria-hidden="true" />}
          onClick={() => onDelete(model)}
        />
      </div>
    </div>
  )
}
