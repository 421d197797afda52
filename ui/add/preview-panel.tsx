import type { ReactNode } from 'react'
import type { Preview } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { FileDown, HardDrive, RotateCcw, ShieldCheck, ShieldQuestionMark, TriangleAlert } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useHealth } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { Notice } from './notice.tsx'
import styles from './preview-panel.module.css'
import type { PreviewState } from './use-preview.ts'

/** What a link leads to. It has its height from the start, so that the list below moves once at most. */
export function PreviewPanel({ state }: { readonly state: PreviewState }) {
  return (
    <div
      className={styles['panel']}
      role="group"
      aria-label={t('add.previewName')}
      aria-busy={state.kind === 'loading'}
    >
      {state.kind === 'loading' && <Loading />}
      {state.kind === 'ready' && <Ready preview={state.preview} />}
      {state.kind === 'failed' && <Failed error={state.error} />}
    </div>
  )
}

function Loading() {
  return (
    <div className={styles['rows']}>
      <span className="visually-hidden">{t('add.previewLoading')}</span>
      <div className={styles['name']}>
        <Skeleton width="min(280px, 70%)" height="14px" />
      </div>
      <div className={styles['facts']}>
        <Skeleton width="64px" height="12px" />
        <Skeleton width="112px" height="12px" />
        <Skeleton width="96px" height="12px" />
      </div>
    </div>
  )
}

function Failed({ error }: { readonly error: Parameters<typeof errorText>[0] }) {
  const { text, hint, detail } = errorText(error)
  return (
    <Notice tone="warning" text={detail === '' ? text : detail} hint={`${hint} ${t('add.previewFailed')}`.trim()} />
  )
}

function Ready({ preview }: { readonly preview: Preview }) {
  const { filename, size, type, resumable, digestKnown } = preview
  const free = useHealth()?.freeSpace ?? null
  const left = free === null || size === null ? null : free - size
  return (
    <div className={styles['rows']}>
      <p className={styles['name']}>
        <MiddleText text={filename} />
      </p>
      <ul className={styles['facts']}>
        <Fact icon={<FileDown size={14} aria-hidden="true" />}>
          <span>{size === null ? t('add.sizeUnknown') : bytes(size)}</span>
          {type !== null && <bdi className={styles['type']}>{type}</bdi>}
        </Fact>
        <Fact icon={<RotateCcw size={14} aria-hidden="true" />}>
          {resumable ? t('add.resumable') : t('add.notResumable')}
        </Fact>
        {digestKnown ? (
          <Fact icon={<ShieldCheck size={14} aria-hidden="true" />}>{t('add.digestKnown')}</Fact>
        ) : (
          <Fact icon={<ShieldQuestionMark size={14} aria-hidden="true" />}>{t('add.digestUnknown')}</Fact>
        )}
        {left !== null && left >= 0 && (
          <Fact icon={<HardDrive size={14} aria-hidden="true" />}>{t('add.freeAfter', { size: bytes(left) })}</Fact>
        )}
        {left !== null && left < 0 && (
          <Fact icon={<TriangleAlert size={14} aria-hidden="true" />} isBad>
            {t('add.noSpace', { size: bytes(-left) })}
          </Fact>
        )}
      </ul>
    </div>
  )
}

interface FactProps {
  readonly icon: ReactNode
  readonly isBad?: boolean
  readonly children: ReactNode
}

function Fact({ icon, isBad = false, children }: FactProps) {
  return (
    <li className={styles['fact']} data-bad={isBad}>
      {icon}
      {children}
    </li>
  )
}
