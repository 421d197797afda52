import { useCallback, useEffect, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import type { LlamaLoaded, LlamaTree } from '../../src/server/api-types.ts'
import { Notice } from '../add/notice.tsx'
import { Fact } from '../detail/fact.tsx'
import tableStyles from '../detail/file-table.module.css'
import { t } from '../i18n/index.ts'
import dialogs from '../installed/dialogs.module.css'
import styles from '../installed/installed.module.css'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { CircleCheck, RotateCw } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import own from './libraries.module.css'
import { treeName } from './library-order.ts'

export interface TryDialogProps {
  readonly tree: LlamaTree | null
  readonly onClose: () => void
}

/** Whether a build works on the daemon's machine, and what it says of itself. */
export function TryDialog({ tree, onClose }: TryDialogProps) {
  return (
    <Dialog
      open={tree !== null}
      onOpenChange={(open) => open || onClose()}
      title={t('libraries.tryTitle', { name: tree === null ? '' : treeName(tree) })}
      description={t('libraries.tryText')}
      width="wide"
    >
      {tree !== null && <Trial key={treeName(tree)} tree={tree} />}
    </Dialog>
  )
}

type Outcome =
  | { readonly kind: 'running' }
  | { readonly kind: 'works'; readonly loaded: LlamaLoaded }
  | { readonly kind: 'fails'; readonly error: SluiceError }

const running: Outcome = { kind: 'running' }

function Trial({ tree: { tag, variant } }: { readonly tree: LlamaTree }) {
  const [outcome, setOutcome] = useState<Outcome>(running)
  const [round, setRound] = useState(0)
  useEffect(() => {
    const stop = new AbortController()
    const tell = (next: Outcome): void => {
      if (!stop.signal.aborted) setOutcome(next)
    }
    client.loadLlama({ version: tag, variant }, stop.signal).then(
      (loaded) => tell({ kind: 'works', loaded }),
      (error: unknown) => tell({ kind: 'fails', error: asSluiceError(error) }),
    )
    return () => stop.abort()
  }, [tag, variant, round])
  const again = useCallback(() => {
    setOutcome(running)
    setRound((now) => now + 1)
  }, [])
  if (outcome.kind === 'fails') return <Fails error={outcome.error} onAgain={again} />
  return (
    <>
      <p role="status" className={styles['state']} data-tone={outcome.kind === 'works' ? 'good' : 'quiet'}>
        {outcome.kind === 'works' && <CircleCheck size={14} aria-hidden="true" />}
        {t(outcome.kind === 'works' ? 'libraries.tryWorks' : 'libraries.trying')}
      </p>
      {outcome.kind === 'works' ? (
        <Says loaded={outcome.loaded} />
      ) : (
        <div className={styles['waiting']} aria-busy="true">
          <Skeleton height="20px" />
          <Skeleton height="20px" />
          <Skeleton height="60px" />
        </div>
      )}
    </>
  )
}

function Fails({ error, onAgain }: { readonly error: SluiceError; readonly onAgain: () => void }) {
  const { text, hint, detail } = errorText(error)
  // What is missing is known to the daemon alone.
  const way = error.code === 'not-loadable' && error.hint !== '' ? error.hint : hint
  return (
    <Notice tone="danger" isAnswer text={`${text} ${detail}`.trim()} hint={way}>
      <Button size="small" icon={<RotateCw aria-hidden="true" />} onClick={onAgain}>
        {t('libraries.tryAgain')}
      </Button>
    </Notice>
  )
}

function Says({ loaded }: { readonly loaded: LlamaLoaded }) {
  const { tag, libraryPath, llamaVersion, ggmlVersion, devices, systemInfo, supportsGpu, warnings } = loaded
  const unknown = t('common.unknown')
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning} tone="warning" text={warning} />
      ))}
      <dl>
        <Fact name={t('libraries.version')}>
          <bdi>{tag}</bdi>
        </Fact>
        {(llamaVersion !== null || ggmlVersion !== null) && (
          <Fact name={t('libraries.saysVersion')}>
            {t('libraries.saysVersionOf', { llama: llamaVersion ?? unknown, ggml: ggmlVersion ?? unknown })}
          </Fact>
        )}
        <Fact name={t('libraries.gpu')}>{t(supportsGpu ? 'libraries.gpuYes' : 'libraries.gpuNo')}</Fact>
        <Fact name={t('libraries.libraryPath')} copy={libraryPath} code>
          {libraryPath}
        </Fact>
        <Fact name={t('libraries.systemInfo')} copy={systemInfo} code>
          <span className={own['system']}>{systemInfo}</span>
        </Fact>
      </dl>
      <h3 className={dialogs['subheading']}>{t('libraries.devices')}</h3>
      {devices.length === 0 ? (
        <p className={dialogs['note']}>{t('libraries.noDevices')}</p>
      ) : (
        <table className={tableStyles['table']}>
          <caption className="visually-hidden">{t('libraries.devices')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('libraries.device')}</th>
              <th scope="col">{t('libraries.deviceKind')}</th>
              <th scope="col">{t('libraries.deviceText')}</th>
            </tr>
          </thead>
          <tbody>
            {devices.map(({ name, kind, description }) => (
              <tr key={name}>
                <th scope="row">
                  <bdi>{name}</bdi>
                </th>
                <td>
                  <bdi>{kind}</bdi>
                </td>
                <td>
                  <bdi>{description}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
