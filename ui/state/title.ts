import { percent } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import { currentView, onView } from './address.ts'
import type { Page } from './address.ts'
import { live } from './live.ts'
import { iconOf, progressMark } from './progress-mark.ts'

const pages: Readonly<Record<Page, Key>> = {
  downloads: 'frame.downloads',
  libraries: 'frame.libraries',
  statistics: 'common.statistics',
  settings: 'common.settings',
}

/**
 * Names the page in the title of the tab, or shows there and in its icon how far that is what is active, until the
 * function it gives back is called.
 */
export function startTitle(): () => void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel~="icon"]')
  const { href: usual = '', type: usualType = '' } = icon ?? {}
  let shown = usual

  function show({ active, part }: ReturnType<typeof progressMark>): void {
    const title = titleOf(active, part)
    if (document.title !== title) document.title = title
    // In steps of two hundredths: more is not to be seen at this size.
    const href = part === null ? usual : iconOf(Math.floor(part * 50) / 50)
    if (icon === null || href === shown) return
    shown = href
    icon.type = href === usual ? usualType : 'image/svg+xml'
    icon.href = href
  }

  const update = (): void => show(progressMark(Array.from(live.state().rows.values(), ({ download }) => download)))
  const timer = setInterval(update, 1000)
  const endView = onView(update)
  return () => {
    clearInterval(timer)
    endView()
    show({ active: 0, part: null })
  }
}

function titleOf(active: number, part: number | null): string {
  if (active === 0) return t('state.title-page', { page: t(pages[currentView().page]) })
  return part === null ? t('state.title-count', { count: active }) : t('state.title-active', { percent: percent(part) })
}
