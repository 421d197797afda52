import type { SluiceError } from '../../src/core/errors.ts'
import type { Preview } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { FileDown, RotateCcw, ShieldCheck, ShieldQuestionMark } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { useHealth } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import type { SourceKind } from './kinds.ts'
import { LlamaPreview } from './llama-preview.tsx'
import { ModelPreview } from './model-preview.tsx'
import { Notice } from './notice.tsx'
import { platformChoices } from './platform-choices.ts'
import { Fact, SpaceFact } from './preview-fact.tsx'
import styles from './preview-panel.module.css'
import { ReleasePreview } from './release-preview.tsx'
import type { PreviewState } from './use-preview.ts'

export interface PreviewPanelProps {
  readonly state: PreviewState
  /** What is asked for. Models and libraries are found by their names. */
  readonly kind: SourceKind
  /** A platform that exists was chosen in place of one that does not. */
  readonly onPlatform: (platform: string) => void
}

/** What a reference leads to. It has its height from the start, so that the list below moves once at most. */
export function PreviewPanel({ state, kind, onPlatform }: PreviewPanelProps) {
  return (
    <div
      className={styles['panel']}
      role="group"
      aria-label={t('add.previewName')}
      aria-busy={state.kind === 'loading'}
      data-model={kind === 'model' || kind === 'release' || undefined}
    >
      {state.kind === 'loading' && <Loading />}
      {state.kind === 'file' && <FilePreview preview={state.preview} />}
      {state.kind === 'llama' && <LlamaPreview preview={state.preview} />}
      {state.kind === 'release' && <ReleasePreview preview={state.preview} />}
      {state.kind === 'model' && <ModelPreview preview={state.preview} />}
      {state.kind === 'failed' && <Failed error={state.error} kind={kind} onPlatform={onPlatform} />}
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

interface FailedProps extends Pick<PreviewPanelProps, 'kind' | 'onPlatform'> {
  readonly error: SluiceError
}

function Failed({ error, kind, onPlatform }: FailedProps) {
  const { text, hint, detail } = errorText(error)
  const isNamed = kind !== 'url'
  const advice = kind === 'release' && error.code === 'release-not-found' ? t('add.releaseOrModel') : hint
  // Another try finds the same name and the same registry.
  const canAdd = !isNamed || error.retryable
  const choices = error.code === 'no-platform' ? platformChoices(error.message) : []
  return (
    <Notice
      tone="warning"
      text={detail === '' ? text : `${isNamed ? `${text} ` : ''}${detail}`}
      hint={`${advice} ${canAdd ? t('add.previewFailed') : ''}`.trim()}
    >
      {choices.length > 0 &&
        choices.map((one) => (
          <Button key={one} size="small" onClick={() => onPlatform(one)}>
            <bdi>{one}</bdi>
          </Button>
        ))}
    </Notice>
  )
}

function FilePreview({ preview }: { readonly preview: Preview }) {
  const { filename, size, type, resumable, digestKnown } = preview
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
        <SpaceFact free={useHealth()?.freeSpace ?? null} needed={size} />
      </ul>
    </div>
  )
}
