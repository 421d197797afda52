import type { DownloadFile } from '../../src/server/api-types.ts'
import { bytes, percent } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { ProgressLine } from '../parts/progress-line.tsx'
import { statusName, verdictName } from '../state/texts.ts'
import { CopyButton } from './copy-button.tsx'
import styles from './file-table.module.css'
import { shortDigest } from './short-digest.ts'

export interface FileTableProps {
  readonly files: readonly DownloadFile[]
  /** They are builds for platforms. */
  readonly isOfLlama: boolean
}

/** The blobs of a model, or builds: what each is, how far it is, and what was checked about it. */
export function FileTable({ files, isOfLlama }: FileTableProps) {
  return (
    <table className={styles['table']}>
      <caption className="visually-hidden">{t(isOfLlama ? 'detail.builds' : 'detail.files')}</caption>
      <thead>
        <tr>
          <th scope="col">{t(isOfLlama ? 'detail.build' : 'detail.fileTitle')}</th>
          <th scope="col" className={styles['figure']}>
            {t('detail.size')}
          </th>
          <th scope="col">{t('detail.fileState')}</th>
          <th scope="col">{t('detail.fileDigest')}</th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr key={`${file.digest} ${file.title}`}>
            <th scope="row">
              <bdi>{file.title}</bdi>
            </th>
            <td className={styles['figure']}>{file.bytesTotal === null ? '' : bytes(file.bytesTotal)}</td>
            <td>
              <State file={file} />
            </td>
            <td>
              {file.digest !== null && (
                <span className={styles['digest']}>
                  <code dir="ltr" title={file.digest}>
                    {shortDigest(file.digest)}
                  </code>
                  <CopyButton text={file.digest} name={t('detail.digestOf', { name: file.title })} />
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Whole ones by what was checked, the others by how far they are. */
function State({ file: { title, status, verdict, bytesDone, bytesTotal } }: { readonly file: DownloadFile }) {
  if (status === 'completed')
    return <span data-tone="good">{verdict === null ? statusName(status) : verdictName(verdict)}</span>
  const part = bytesTotal === null || bytesTotal === 0 ? 0 : bytesDone / bytesTotal
  return (
    <span className={styles['state']} data-tone={status === 'error' ? 'danger' : undefined}>
      <span>{bytesDone > 0 ? `${statusName(status)} ${percent(part)}` : statusName(status)}</span>
      {bytesDone > 0 && (
        <ProgressLine
          label={t('list.progressOf', { name: title })}
          value={part}
          tone={status === 'active' ? 'accent' : 'still'}
        />
      )}
    </span>
  )
}
