import type { LibraryModel, ModelCheck } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { createChecks } from '../installed/checks.ts'
import type { Check, Checks } from '../installed/checks.ts'
import { client } from '../state/client.ts'

type Identity = Pick<LibraryModel, 'name' | 'fullName' | 'id' | 'modifiedAt'>

export type ModelCheckNow = Check<ModelCheck>
export type ModelChecks = Checks<Identity, ModelCheck>

export const useChecks = createChecks<Identity, ModelCheck>({
  // A model that was pulled anew is another one.
  keyOf: ({ fullName, id, modifiedAt }) => `${fullName} ${id} ${modifiedAt}`,
  nameOf: ({ name }) => name,
  verify: ({ fullName }, signal) => client.verifyModel(fullName, signal),
  isGood: ({ verdict }) => verdict === 'verified',
  told: ({ name }, { verdict, problems }) =>
    verdict === 'verified'
      ? t('models.verifiedToast', { name })
      : t('models.damagedToast', { name, count: problems.length }),
})
