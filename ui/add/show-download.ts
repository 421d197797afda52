import { asSluiceError } from '../../src/core/errors.ts'
import { t } from '../i18n/index.ts'
import { currentView, noFilters, setView, tabs, tabStatuses } from '../state/address.ts'
import { client } from '../state/client.ts'
import { announce, toast } from '../state/toasts.ts'

/** Opens a listed download where it stands. */
export async function showDownload(id: string): Promise<void> {
  try {
    const { status } = await client.get(id)
    const tab = tabs.find((one) => tabStatuses[one].includes(status)) ?? 'active'
    setView({ ...noFilters, page: 'downloads', tab, selected: id })
  } catch (thrown) {
    const { message, hint } = asSluiceError(thrown)
    toast({ kind: 'error', text: `${message} ${hint}` })
  }
}

/** Tells that something was added: to screen readers where the list shows it, else to everyone, with the way there. */
export function showAdded(text: string): void {
  const { page, tab } = currentView()
  if (page === 'downloads' && (tab === 'active' || tab === 'queue')) return announce(text)
  const onSelect = (): void => setView({ ...noFilters, page: 'downloads', tab: 'active' })
  toast({ kind: 'good', text, action: { label: t('add.show'), onSelect } })
}
