import type { LlamaCheck, LlamaTree } from '../../src/server/api-types.ts'
import { Fact } from '../detail/fact.tsx'
import { Moment } from '../detail/moment.tsx'
import { useNow } from '../detail/use-now.ts'
import { bytes, count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import styles from '../installed/dialogs.module.css'
import { StateMark } from '../installed/state-mark.tsx'
import { VerifyButton } from '../installed/verify-button.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Download, Play } from '../parts/icon.tsx'
import own from './libraries.module.css'
import { treeName } from './library-order.ts'
import { libraryState } from './library-state.ts'
import type { LibraryChecks } from './use-libraries.ts'

export interface LibraryDialogProps {
  readonly tree: LlamaTree | null
  readonly checks: LibraryChecks
  /** Platform of the daemon's machine. */
  readonly host: string | null
  readonly onClose: () => void
  readonly onTry: (tree: LlamaTree) => void
  readonly onDownload: (tree: LlamaTree) => void
}

/** One build from near. */
export function LibraryDialog({ tree, checks, host, onClose, onTry, onDownload }: LibraryDialogProps) {
  const check = tree === null ? undefined : checks.of(tree)
  const state = libraryState(check)
  return (
    <Dialog
      open={tree !== null}
      onOpenChange={(open) => open || onClose()}
      title={tree === null ? '' : treeName(tree)}
      width="wide"
      footer={
        tree !== null && (
          <>
            {state.kind === 'damaged' && (
              <Button icon={<Download aria-hidden="true" />} onClick={() => onDownload(tree)}>
                {t('libraries.downloadAgain')}
              </Button>
            )}
            {tree.platform === host && (
              <Button icon={<Play aria-hidden="true" />} onClick={() => onTry(tree)}>
                {t('libraries.tryIt')}
              </Button>
            )}
            <VerifyButton item={tree} name={treeName(tree)} checks={checks} isWide />
          </>
        )
      }
    >
      {tree !== null && (
        <>
          <div className={styles['dialog-state']}>
            <StateMark state={state} />
            {tree.inUse && <span className={styles['note']}>{t('libraries.inUseText')}</span>}
            {state.kind === 'damaged' && <p className={styles['note']}>{t('libraries.repairHint')}</p>}
          </div>
          {check?.kind === 'done' && <Findings check={check.result} />}
          <TreeFacts tree={tree} />
        </>
      )}
    </Dialog>
  )
}

const findings = {
  changed: 'libraries.changedFiles',
  missing: 'libraries.missingFiles',
  unexpected: 'libraries.unexpectedFiles',
} as const

/** Files that are not as they were installed; nothing where all are. */
function Findings({ check }: { readonly check: LlamaCheck }) {
  const kinds = (['changed', 'missing', 'unexpected'] as const).filter((what) => check[what].length > 0)
  if (kinds.length === 0) return null
  return (
    <section aria-label={t('libraries.filesFound')} className={own['findings']}>
      {kinds.map((what) => (
        <div key={what}>
          <h3>{t(findings[what])}</h3>
          <ul>
            {check[what].map((path) => (
              <li key={path} dir="ltr">
                <code>{path}</code>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

function TreeFacts({ tree }: { readonly tree: LlamaTree }) {
  const now = useNow(5000)
  const { repository, asset, sha256, verifiedBy, companions, folder, libraryPath, bytes: size, installedAt } = tree
  return (
    <dl>
      <Fact name={t('list.size')}>
        {size < 1024 ? bytes(size) : t('detail.sizeExact', { size: bytes(size), count: count(size) })}
      </Fact>
      <Fact name={t('libraries.installed')}>
        <Moment iso={installedAt} now={now} />
      </Fact>
      <Fact name={t('libraries.libraryPath')} copy={libraryPath} code>
        {libraryPath}
      </Fact>
      <Fact name={t('libraries.treeFolder')} copy={folder} code>
        {folder}
      </Fact>
      <Fact name={t('libraries.repository')} code>
        {repository}
      </Fact>
      <Fact name={t('libraries.archive')} code>
        {asset}
      </Fact>
      <Fact name="SHA-256" copy={sha256} code>
        {sha256}
      </Fact>
      <Fact name={t('libraries.vouched')}>{t(`libraries.vouched-${verifiedBy ?? 'none'}`)}</Fact>
      {companions.map((companion) => (
        <Fact key={companion.asset} name={t('libraries.companions')} copy={companion.sha256} code>
          {companion.asset}
        </Fact>
      ))}
    </dl>
  )
}
