import { percent } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { live } from './live.ts'
import { iconOf, progressMark } from './progress-mark.ts'

/** Shows the progress of what is active in the title and the icon of the tab until the function it gives back is called. */
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

  const timer = setInterval(() => {
    show(progressMark(Array.from(live.state().rows.values(), ({ download }) => download)))
  }, 1000)
  return () => {
    clearInterval(timer)
    show({ active: 0, part: null })
  }
}

function titleOf(active: number, part: number | null): string {
  if (active === 0) return t('state.title-usual')
  return part === null ? t('state.title-count', { count: active }) : t('state.title-active', { percent: percent(part) })
}
