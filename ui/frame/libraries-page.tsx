import { t } from '../i18n/index.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { Box } from '../parts/icon.tsx'

/** What will be here, and nothing that could be clicked in vain. */
export function LibrariesPage() {
  return <EmptyState icon={<Box />} title={t('frame.librariesTitle')} text={t('frame.librariesText')} />
}
