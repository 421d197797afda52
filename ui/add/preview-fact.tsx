import type { ReactNode } from 'react'
import { bytes } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { HardDrive, TriangleAlert } from '../parts/icon.tsx'
import styles from './preview-panel.module.css'

export interface FactProps {
  readonly icon: ReactNode
  readonly isBad?: boolean
  readonly children: ReactNode
}

export function Fact({ icon, isBad = false, children }: FactProps) {
  return (
    <li className={styles['fact']} data-bad={isBad}>
      {icon}
      {children}
    </li>
  )
}

/** What stays free, or lacks; bytes, null where one of both is not known. */
export function SpaceFact({ free, needed }: { readonly free: number | null; readonly needed: number | null }) {
  if (free === null || needed === null) return null
  const left = free - needed
  return left < 0 ? (
    <Fact icon={<TriangleAlert size={14} aria-hidden="true" />} isBad>
      {t('add.noSpace', { size: bytes(-left) })}
    </Fact>
  ) : (
    <Fact icon={<HardDrive size={14} aria-hidden="true" />}>{t('add.freeAfter', { size: bytes(left) })}</Fact>
  )
}
