import type { Preview } from '../../src/server/api-types.ts'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Box, FileDown, ShieldCheck, ShieldQuestionMark } from '../parts/icon.tsx'
import { Select } from '../parts/inputs.tsx'
import { MiddleText } from '../parts/middle-text.tsx'
import { useHealth } from '../state/live.ts'
import { errorText } from '../state/texts.ts'
import { changeForm, useDraft } from './draft.ts'
import { Notice } from './notice.tsx'
import { Fact, SpaceFact } from './preview-fact.tsx'
import styles from './preview-panel.module.css'

type Release = NonNullable<Preview['release']>

/** The file of a release, and the others to choose from. */
export function ReleasePreview({ preview }: { readonly preview: Preview }) {
  const { release } = preview
  if (release === undefined) return null
  return (
    <div className={styles['rows']}>
      {release.problem === null ? (
        <Chosen preview={preview} release={release} />
      ) : (
        <Notice tone="warning" text={errorText(release.problem).text} hint={t('add.assetChoose')} />
      )}
      {release.assets.length > 0 && <AssetChoice release={release} />}
    </div>
  )
}

function Chosen({ preview, release }: { readonly preview: Preview; readonly release: Release }) {
  const { filename, size, digestKnown } = preview
  return (
    <>
      <p className={styles['name']}>
        <MiddleText text={filename} />
      </p>
      <ul className={styles['facts']}>
        <Fact icon={<Box size={14} aria-hidden="true" />}>
          <bdi>{`${release.repository} ${release.tag}`}</bdi>
        </Fact>
        <Fact icon={<FileDown size={14} aria-hidden="true" />}>
          {size === null ? t('add.sizeUnknown') : bytes(size)}
        </Fact>
        {digestKnown ? (
          <Fact icon={<ShieldCheck size={14} aria-hidden="true" />}>{t('add.digestKnown')}</Fact>
        ) : (
          <Fact icon={<ShieldQuestionMark size={14} aria-hidden="true" />}>{t('add.digestUnknown')}</Fact>
        )}
        <SpaceFact free={useHealth()?.freeSpace ?? null} needed={size} />
      </ul>
    </>
  )
}

/** Those that fit first; '' leaves the choice to the platform. */
function AssetChoice({ release: { assets, problem } }: { readonly release: Release }) {
  const { asset } = useDraft().form
  const isListed = assets.some(({ name }) => name === asset)
  const usual = t(problem === null ? 'add.assetUsual' : 'add.assetOpen')
  const ordered = assets.toSorted((a, b) => Number(b.isCandidate) - Number(a.isCandidate))
  return (
    <Select
      label={t('add.asset')}
      value={isListed ? asset : ''}
      options={[
        { value: '', label: asset === '' || isListed ? usual : asset },
        ...ordered.map(({ name, size }) => ({ value: name, label: `${name} (${bytes(size)})` })),
      ]}
      onChange={(name) => changeForm({ asset: name })}
    />
  )
}
