import type { MouseEvent } from 'react'
import { t } from '../i18n/index.ts'
import { sectionName } from './section.tsx'
import type { AnySection } from './section.tsx'
import styles from './settings.module.css'

export function SectionLinks({ ids }: { readonly ids: readonly AnySection[] }) {
  return (
    <nav className={styles['links']} aria-label={t('settings.sections')}>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <a href={`#section-${id}`} onClick={(event) => go(event, id)}>
              {sectionName(id)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The address belongs to the views of the page, so a section is no entry of the history. */
function go(event: MouseEvent, id: AnySection): void {
  event.preventDefault()
  const heading = document.getElementById(`section-${id}`)
  heading?.scrollIntoView({ block: 'start' })
  heading?.focus({ preventScroll: true })
}
