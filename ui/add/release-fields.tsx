import { allTargets, showTarget } from '../../src/core/llama-target.ts'
import { t } from '../i18n/index.ts'
import { TextField } from './option-fields.tsx'
import type { OwnForm } from './option-fields.tsx'

const platforms = allTargets.map(showTarget)

export interface ReleaseFieldsProps extends OwnForm {
  /** Of many releases none has files of the same names. */
  readonly hasAsset: boolean
}

/** What can be said about the file of a release. */
export function ReleaseFields({ hasAsset, ...own }: ReleaseFieldsProps) {
  return (
    <>
      {hasAsset && (
        <TextField
          name="asset"
          label={t('add.asset')}
          hint={t('add.assetHint')}
          placeholder={t('add.assetUsual')}
          dir="ltr"
          {...own}
        />
      )}
      <TextField
        name="machine"
        label={t('add.platform')}
        hint={t('add.machineHint')}
        placeholder={t('add.platformUsual')}
        dir="ltr"
        suggestions={platforms}
        {...own}
      />
    </>
  )
}
