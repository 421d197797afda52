import type { ReactNode } from 'react'

export interface MenuAction {
  readonly label: string
  readonly icon?: ReactNode
  /** As in the table of shortcuts; shown, not bound. */
  readonly shortcut?: string
  readonly danger?: boolean
  readonly disabled?: boolean
  /** On or off, or one choice of several; shown with a tick when true. */
  readonly checked?: boolean
  readonly onSelect: () => void
}

export type MenuItem = MenuAction | 'separator'

/** What a menu opens at: an element, or the place that was clicked. */
export type MenuAnchor = Element | { getBoundingClientRect: () => DOMRect }

export interface MenuPopupProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly items: readonly MenuItem[]
  readonly anchor: MenuAnchor
  /** Where the focus goes afterwards. */
  readonly from: HTMLElement | null
  readonly align: 'start' | 'end'
  /** Opened by the keyboard: its first item has the focus then. */
  readonly byKeyboard: boolean
}
