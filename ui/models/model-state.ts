import type { LibraryModel } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import type { Check } from './use-checks.ts'

export interface ModelState {
  readonly kind: 'complete' | 'missing' | 'verifying' | 'verified' | 'damaged'
  readonly tone: 'quiet' | 'accent' | 'good' | 'danger'
  readonly words: string
}

/** What is known of a model: what was checked last, else what the store looks like. */
export function modelState({ missing }: LibraryModel, check: Check | undefined): ModelState {
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

const ranks: Readonly<Record<ModelState['kind'], number>> = {
  damaged: 4,
  missing: 3,
  verifying: 2,
  complete: 1,
  verified: 0,
}

/** How much a model needs somebody. */
export function troubleOf(model: LibraryModel, check: Check | undefined): number {
  return ranks[modelState(model, check).kind]
}
