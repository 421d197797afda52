import type { LlamaTree } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/installed.module.css'
import { StateMark } from '../installed/state-mark.tsx'
import { VerifyButton, Verifying } from '../installed/verify-button.tsx'
import { When } from '../list/note.tsx'
import { IconButton } from '../parts/button.tsx'
import { Play, Trash2 } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { treeName } from './library-order.ts'
import { libraryState } from './library-state.ts'
import type { LibraryChecks } from './use-libraries.ts'

export interface LibraryRowProps {
  readonly tree: LlamaTree
  readonly checks: LibraryChecks
  /** Platform of the daemon's machine; others cannot be tried there. */
  readonly host: string | null
  readonly onOpen: (tree: LlamaTree) => void
  readonly onTry: (tree: LlamaTree) => void
  readonly onRemove: (tree: LlamaTree) => void
}

/** One build; its version opens what is known of it. */
export function LibraryRow({ tree, checks, host, onOpen, onTry, onRemove }: LibraryRowProps) {
  const { tag, platform, variant, bytes: size, installedAt, inUse } = tree
  const check = checks.of(tree)
  const name = treeName(tree)
  return (
    <div role="row" className={styles['row']} data-library={name}>
      <div role="rowheader" data-column="name">
        <button
          type="button"
          className={styles['name']}
          aria-haspopup="dialog"
          aria-label={t('libraries.detailsOf', { name })}
          onClick={() => onOpen(tree)}
        >
          <MiddleText text={tag} />
        </button>
      </div>
      <div role="cell" data-column="platform">
        <bdi>{platform}</bdi>
      </div>
      <div role="cell" data-column="variant">
        <bdi>{variant}</bdi>
      </div>
      <div role="cell" data-column="size">
        {bytes(size)}
      </div>
      <div role="cell" data-column="modified">
        <When at={Date.parse(installedAt)} />
      </div>
      <div role="cell" data-column="state">
        <StateMark state={libraryState(check)} />
        {check?.kind === 'running' && <Verifying name={name} since={check.since} />}
        {inUse && <span className={styles['in-use']}>{t('libraries.inUse')}</span>}
      </div>
      <div role="cell" data-column="actions">
        {platform === host && (
          <IconButton
            label={t('libraries.tryNamed', { name })}
            icon={<Play aria-hidden="true" />}
            aria-haspopup="dialog"
            onClick={() => onTry(tree)}
          />
        )}
        <VerifyButton item={tree} name={name} checks={checks} />
        <IconButton
          label={t('libraries.removeNamed', { name })}
          icon={<Trash2 aria-hidden="true" />}
          onClick={() => onRemove(tree)}
        />
      </div>
    </div>
  )
}
