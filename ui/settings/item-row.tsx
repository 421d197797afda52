import type { ReactNode } from 'react'
import { IconButton } from '../parts/button.tsx'
import { Switch } from '../parts/checks.tsx'
import { SlidersHorizontal, Trash2 } from '../parts/icon.tsx'
import type { ItemWays } from './items-section.tsx'
import styles from './settings.module.css'

export interface ItemRowProps {
  readonly enabled: boolean
  readonly enabledLabel: string
  readonly editLabel: string
  readonly removeLabel: string
  readonly onSwitch: (enabled: boolean) => void
  readonly ways: ItemWays
  /** What it is. */
  readonly children: ReactNode
  /** A button of its own. */
  readonly more?: ReactNode
}

/** One item of a list that the daemon keeps: whether it is on, what it is, and what can be done with it. */
export function ItemRow(props: ItemRowProps) {
  const { enabled, enabledLabel, editLabel, removeLabel, onSwitch, ways, children, more } = props
  return (
    <>
      <Switch label={enabledLabel} hideLabel checked={enabled} onChange={onSwitch} />
      <div className={styles['grow']}>{children}</div>
      {more}
      <IconButton size="small" label={editLabel} icon={<SlidersHorizontal />} onClick={ways.edit} />
      <IconButton size="small" label={removeLabel} icon={<Trash2 />} onClick={ways.remove} />
    </>
  )
}
