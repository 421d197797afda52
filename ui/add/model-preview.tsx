import type { PullPreview } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Check, Cpu, FileDown, FolderOpen } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Fact, SpaceFact } from './preview-fact.tsx'
import styles from './preview-panel.module.css'

const targets = {
  store: 'add.toStore',
  zip: 'add.toZip',
  files: 'add.toFiles',
  layout: 'add.toLayout',
} as const

/** What a model comes to, how much of it is here, and where it goes. */
export function ModelPreview({ preview }: { readonly preview: PullPreview }) {
  const { name, platform, target, bytesTotal, bytesHere, bytesMissing, freeSpace, files } = preview
  const place = target.kind === 'zip' ? target.path : target.dir
  return (
    <div className={styles['rows']}>
      <p className={styles['name']}>
        <MiddleText text={name} />
      </p>
      <ul className={styles['facts']}>
        <Fact icon={<FileDown size={14} aria-hidden="true" />}>
          {t('add.modelSize', { size: bytes(bytesTotal), count: files.length })}
        </Fact>
        {bytesHere > 0 && (
          <Fact icon={<Check size={14} aria-hidden="true" />}>
            {bytesMissing === 0
              ? t('add.allHere')
              : t('add.partHere', { here: bytes(bytesHere), missing: bytes(bytesMissing) })}
          </Fact>
        )}
        {platform !== null && (
          <Fact icon={<Cpu size={14} aria-hidden="true" />}>
            <bdi>{[platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')}</bdi>
          </Fact>
        )}
        <SpaceFact free={freeSpace} needed={bytesMissing} />
      </ul>
      <div className={styles['target']}>
        <FolderOpen size={14} aria-hidden="true" />
        <span>{t(targets[target.kind])}</span>
        <span className={styles['place']} dir="ltr">
          <MiddleText text={place} />
        </span>
      </div>
      <details className={styles['files']}>
        <summary>{t('add.fileCount', { count: files.length })}</summary>
        <ul>
          {files.map(({ digest, title, bytesTotal: size, alreadyThere }) => (
            <li key={`${digest} ${title}`}>
              <bdi className={styles['file']}>{title}</bdi>
              <span>{bytes(size)}</span>
              <span className={styles['here']}>{t(alreadyThere ? 'add.fileHere' : 'add.fileMissing')}</span>
            </li>
          ))}
        </ul>
      </details>
    </div>
  )
}
