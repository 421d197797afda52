import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import type { Key } from '../i18n/index.ts'
import type { SectionId } from './form-model.ts'
import styles from './settings.module.css'

export type AnySection = SectionId | 'appearance' | 'schedules' | 'webhooks' | 'about'

export function sectionName(id: AnySection): string {
  return t(`settings.section_${id}` satisfies Key)
}

export interface SectionProps {
  readonly id: AnySection
  readonly note?: string
  readonly children: ReactNode
}

export function Section({ id, note, children }: SectionProps) {
  return (
    <section className={styles['section']} aria-labelledby={`section-${id}`}>
      <h2 id={`section-${id}`} tabIndex={-1} className={styles['heading']}>
        {sectionName(id)}
      </h2>
      {note !== undefined && <p className={styles['note']}>{note}</p>}
      {children}
    </section>
  )
}
