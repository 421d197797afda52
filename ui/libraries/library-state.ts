import { t } from '../i18n/index.ts'
import type { LlamaCheck } from '../../src/server/api-types.ts'
import type { InstalledState } from '../installed/state-mark.tsx'
import type { LibraryCheckNow } from './use-libraries.ts'

/** What is known of a build: what was checked last, else that it is there. */
export function libraryState(check: LibraryCheckNow | undefined): InstalledState {
  if (check === undefined) return { kind: 'complete', tone: 'quiet', words: t('libraries.stateInstalled') }
  if (check.kind === 'running') return { kind: 'verifying', tone: 'accent', words: t('models.stateVerifying') }
  if (check.result.verdict === 'verified') return { kind: 'verified', tone: 'good', words: t('models.stateVerified') }
  return { kind: 'damaged', tone: 'danger', words: problemWords(check.result) }
}

/** `2 changed, 1 missing` */
export function problemWords(check: Pick<LlamaCheck, 'changed' | 'missing' | 'unexpected'>): string {
  return (['changed', 'missing', 'unexpected'] as const)
    .filter((what) => check[what].length > 0)
    .map((what) => t(`libraries.${what}`, { count: check[what].length }))
    .join(t('libraries.and'))
}
