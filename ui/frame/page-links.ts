import type { Key } from '../i18n/index.ts'
import type { Page } from '../state/address.ts'

export const pageNames: Readonly<Record<Page, Key>> = {
  downloads: 'frame.downloads',
  libraries: 'frame.libraries',
  statistics: 'common.statistics',
  settings: 'common.settings',
}
