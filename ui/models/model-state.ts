import type { LibraryModel } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { InstalledState } from '../installed/state-mark.tsx'
import type { ModelCheckNow } from './use-checks.ts'

/** What is known of a model: what was checked last, else what the store looks like. */
export function modelState({ missing }: LibraryModel, check: ModelCheckNow | undefined): InstalledState {
  if (check?.kind === 'running') return { kind: 'verifying', tone: 'accent', words: t('models.stateVerifying') }
  if (check?.kind === 'done' && check.result.verdict === 'damaged') {
    const words = t('models.stateDamaged', { count: check.result.problems.length })
    return { kind: 'damaged', tone: 'danger', words }
  }
  if (missing.length > 0)
    return { kind: 'missing', tone: 'danger', words: t('models.stateMissing', { count: missing.length }) }
  if (check?.kind === 'done') return { kind: 'verified', tone: 'good', words: t('models.stateVerified') }
  return { kind: 'complete', tone: 'quiet', words: t('models.stateComplete') }
}
