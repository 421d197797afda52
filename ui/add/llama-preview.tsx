import type { Preview } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { FileDown, ShieldCheck, ShieldQuestionMark } from '../parts/icon.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { Fact } from './preview-fact.tsx'
import styles from './preview-panel.module.css'

/** What libraries come to. */
export function LlamaPreview({ preview: { filename, size, digestKnown } }: { readonly preview: Preview }) {
  return (
    <div className={styles['rows']}>
      <p className={styles['name']}>
        <MiddleText text={filename} />
      </p>
      <ul className={styles['facts']}>
        <Fact icon={<FileDown size={14} aria-hidden="true" />}>
          {size === null ? t('add.sizeUnknown') : bytes(size)}
        </Fact>
        <Fact
          icon={
            digestKnown ? (
              <ShieldCheck size={14} aria-hidden="true" />
            ) : (
              <ShieldQuestionMark size={14} aria-hidden="true" />
            )
          }
        >
          {t(digestKnown ? 'add.digestKnown' : 'add.digestUnknown')}
        </Fact>
      </ul>
    </div>
  )
}
