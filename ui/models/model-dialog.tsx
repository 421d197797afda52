import { useEffect, useState } from 'react'
import { asSluiceError } from '../../src/core/errors.ts'
import type { SluiceError } from '../../src/core/errors.ts'
import { layerName } from '../../src/core/layer-names.ts'
import type { InstalledModel, LibraryModel, ModelCheck } from '../../src/server/api-types.ts'
import { CopyButton } from '../detail/copy-button.tsx'
import { Fact } from '../detail/fact.tsx'
import tableStyles from '../detail/file-table.module.css'
import { Moment } from '../detail/moment.tsx'
import { shortDigest } from '../detail/short-digest.ts'
import { useNow } from '../detail/use-now.ts'
import { bytes, count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import dialogs from '../installed/dialogs.module.css'
import styles from '../installed/installed.module.css'
import { StateMark } from '../installed/state-mark.tsx'
import { VerifyButton } from '../installed/verify-button.tsx'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Download } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { client } from '../state/client.ts'
import { errorText } from '../state/texts.ts'
import { modelState } from './model-state.ts'
import type { ModelChecks } from './use-checks.ts'

export interface ModelDialogProps {
  readonly model: LibraryModel | null
  readonly checks: ModelChecks
  readonly onClose: () => void
  readonly onPull: (model: LibraryModel) => void
}

/** One installed model from near. */
export function ModelDialog({ model, checks, onClose, onPull }: ModelDialogProps) {
  const check = model === null ? undefined : checks.of(model)
  const state = model === null ? undefined : modelState(model, check)
  return (
    <Dialog
      open={model !== null}
      onOpenChange={(open) => open || onClose()}
      title={model === null ? '' : t('models.detailsOf', { name: model.name })}
      width="wide"
      footer={
        model !== null && (
          <>
            {(state?.kind === 'damaged' || state?.kind === 'missing') && (
              <Button icon={<Download aria-hidden="true" />} onClick={() => onPull(model)}>
                {t('models.pullAgain')}
              </Button>
            )}
            <VerifyButton item={model} name={model.name} checks={checks} isWide />
          </>
        )
      }
    >
      {model !== null && state !== undefined && (
        <>
          <div className={dialogs['dialog-state']}>
            <StateMark state={state} />
            {(state.kind === 'damaged' || state.kind === 'missing') && (
              <p className={dialogs['note']}>{t('models.repairHint')}</p>
            )}
          </div>
          <ModelDetails key={model.fullName} model={model} check={check?.kind === 'done' ? check.result : undefined} />
        </>
      )}
    </Dialog>
  )
}

interface ModelDetailsProps {
  readonly model: LibraryModel
  readonly check: ModelCheck | undefined
}

function ModelDetails({ model, check }: ModelDetailsProps) {
  const { detail, error } = useModel(model)
  const now = useNow(5000)
  const { fullName, id, size, family, parameters, quantization, modifiedAt, manifestPath } = model
  return (
    <>
      <dl>
        <Fact name={t('models.fullName')} copy={fullName} code>
          {fullName}
        </Fact>
        <Fact name={t('models.id')} copy={id} code>
          {shortDigest(id)}
        </Fact>
        <Fact name={t('list.size')}>
          {size < 1024 ? bytes(size) : t('detail.sizeExact', { size: bytes(size), count: count(size) })}
        </Fact>
        <Fact name={t('models.family')}>{family === null ? t('common.unknown') : <bdi>{family}</bdi>}</Fact>
        <Fact name={t('models.parameters')}>{parameters === null ? t('common.unknown') : <bdi>{parameters}</bdi>}</Fact>
        <Fact name={t('models.quantization')}>
          {quantization === null ? t('common.unknown') : <bdi>{quantization}</bdi>}
        </Fact>
        <Fact name={t('models.modified')}>
          <Moment iso={modifiedAt} now={now} />
        </Fact>
        <Fact name={t('models.manifest')} copy={manifestPath} code>
          {manifestPath}
        </Fact>
      </dl>
      <h3 className={dialogs['subheading']}>{t('models.blobs')}</h3>
      {error !== undefined && (
        <p className={dialogs['problem']}>{`${errorText(error).text} ${errorText(error).hint}`}</p>
      )}
      {detail === undefined && error === undefined && (
        <div className={styles['waiting']} aria-busy="true">
          <span className="visually-hidden">{t('common.loading')}</span>
          <Skeleton height="20px" />
          <Skeleton height="20px" />
          <Skeleton height="20px" />
        </div>
      )}
      {detail !== undefined && <BlobTable model={detail} check={check} />}
    </>
  )
}

function BlobTable({ model, check }: { readonly model: InstalledModel; readonly check: ModelCheck | undefined }) {
  const problems = new Map(check?.problems.map(({ digest, problem }) => [digest, problem]))
  const missing = new Set(model.missing)
  const words = (digest: string): string => {
    const problem = problems.get(digest)
    if (problem !== undefined) return t(`models.blob-${problem}`)
    if (missing.has(digest)) return t('models.blob-missing')
    return t(check === undefined ? 'models.blobHere' : 'models.blobVerified')
  }
  return (
    <table className={tableStyles['table']}>
      <caption className="visually-hidden">{t('models.blobs')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('detail.fileTitle')}</th>
          <th scope="col" className={tableStyles['figure']}>
            {t('detail.size')}
          </th>
          <th scope="col">{t('detail.fileState')}</th>
          <th scope="col">{t('detail.fileDigest')}</th>
        </tr>
      </thead>
      <tbody>
        {titled(model.blobs).map(({ digest, size, mediaType, title }) => (
          <tr key={digest}>
            <th scope="row">
              <bdi title={mediaType}>{title}</bdi>
            </th>
            <td className={tableStyles['figure']}>{bytes(size)}</td>
            <td>
              <span data-tone={problems.has(digest) || missing.has(digest) ? 'danger' : check && 'good'}>
                {words(digest)}
              </span>
            </td>
            <td>
              <span className={tableStyles['digest']}>
                <code dir="ltr" title={digest}>
                  {shortDigest(digest)}
                </code>
                <CopyButton text={digest} name={t('detail.digestOf', { name: title })} />
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type Blob = InstalledModel['blobs'][number]

/** What people call each: the config comes first, as in the manifest, and the second licence is `license 2`. */
function titled(blobs: readonly Blob[]): ReadonlyArray<Blob & { readonly title: string }> {
  const seen = new Map<string, number>()
  return blobs.map((blob, index) => {
    const title = index === 0 ? 'config' : layerName(blob.mediaType).title
    const number = (seen.get(title) ?? 0) + 1
    seen.set(title, number)
    return { ...blob, title: number === 1 ? title : `${title} ${number}` }
  })
}

interface Detail {
  readonly detail: InstalledModel | undefined
  readonly error: SluiceError | undefined
}

/** The blobs too; asked for anew when the model becomes another one. */
function useModel({ fullName, id, modifiedAt, missing }: LibraryModel): Detail {
  const [now, setNow] = useState<Detail>({ detail: undefined, error: undefined })
  useEffect(() => {
    let gone = false
    client.model(fullName).then(
      (detail) => !gone && setNow({ detail, error: undefined }),
      (error: unknown) => !gone && setNow((before) => ({ ...before, error: asSluiceError(error) })),
    )
    return () => {
      gone = true
    }
  }, [fullName, id, modifiedAt, missing.length])
  return now
}
