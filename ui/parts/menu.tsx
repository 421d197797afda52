import { cloneElement, useState } from 'react'
import type { KeyboardEvent, MouseEvent, ReactElement } from 'react'
import { later } from './later.tsx'
import type { MenuAnchor, MenuItem } from './menu-items.ts'

export type { MenuItem } from './menu-items.ts'

const MenuPopup = later(async () => (await import('./menu-popup.tsx')).MenuPopup)

interface Opening {
  readonly anchor: MenuAnchor
  readonly from: HTMLElement | null
  readonly byKeyboard: boolean
  /** Of a menu that was there before, too: each opening is a fresh one. */
  readonly items: readonly MenuItem[]
}

export interface MenuProps {
  /** The button that opens it: Button or IconButton, or any element that hands its props to a button. */
  readonly trigger: ReactElement
  readonly items: readonly MenuItem[] | (() => readonly MenuItem[])
  readonly align?: 'start' | 'end'
  readonly onOpenChange?: (open: boolean) => void
}

interface TriggerProps {
  readonly 'aria-haspopup'?: 'menu'
  readonly 'aria-expanded'?: boolean
  readonly onClick?: (event: MouseEvent<HTMLElement>) => void
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void
  readonly onPointerEnter?: () => void
}

/** A button with a menu. The menu itself comes when it is first asked for: a list has a hundred of these. */
export function Menu({ trigger, items, align = 'end', onOpenChange }: MenuProps) {
  const menu = useOpening(onOpenChange)
  const openAt = (from: HTMLElement, byKeyboard: boolean): void =>
    menu.open({ anchor: from, from, byKeyboard, items: listOf(items) })
  const props: TriggerProps = {
    'aria-haspopup': 'menu',
    'aria-expanded': menu.isOpen,
    // A click without a pointer's count came from Enter, Space or a screen reader.
    onClick: ({ currentTarget, detail }) => openAt(currentTarget, detail === 0),
    onKeyDown: (event) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      event.stopPropagation()
      openAt(event.currentTarget, true)
    },
    onPointerEnter: MenuPopup.fetch,
  }
  return (
    <>
      {cloneElement(trigger as ReactElement<TriggerProps>, props)}
      {menu.popup(align)}
    </>
  )
}

export interface ContextMenuProps {
  /** Asked when the menu opens; where there are none, the browser shows its own. */
  readonly items: readonly MenuItem[] | (() => readonly MenuItem[])
  /** The element that is clicked: hands its props to the DOM. */
  readonly children: ReactElement
  readonly onOpenChange?: (open: boolean) => void
}

/** Right click, long press or the menu key; with the key the menu stands at what has the focus. */
export function ContextMenu({ items, children, onOpenChange }: ContextMenuProps) {
  const menu = useOpening(onOpenChange)
  const area = children as ReactElement<{ onContextMenu?: (event: MouseEvent<HTMLElement>) => void }>
  function onContextMenu(event: MouseEvent<HTMLElement>): void {
    area.props.onContextMenu?.(event)
    const list = listOf(items)
    if (event.defaultPrevented || list.length === 0) return
    event.preventDefault()
    const { target, clientX, clientY } = event
    const { activeElement } = document
    const from = activeElement instanceof HTMLElement && activeElement !== document.body ? activeElement : null
    // Browsers send the menu key as a click of no button.
    const byKeyboard = event.button !== 2 && event.detail === 0
    const point = { getBoundingClientRect: () => new DOMRect(clientX, clientY, 0, 0) }
    menu.open({ anchor: byKeyboard && target instanceof Element ? target : point, from, byKeyboard, items: list })
  }
  return (
    <>
      {cloneElement(area, { onContextMenu })}
      {menu.popup('start')}
    </>
  )
}

function useOpening(onOpenChange: ((open: boolean) => void) | undefined) {
  const [opening, setOpening] = useState<Opening>()
  const [isOpen, setOpen] = useState(false)
  function change(open: boolean): void {
    if (open === isOpen) return
    setOpen(open)
    onOpenChange?.(open)
  }
  return {
    isOpen,
    open(next: Opening): void {
      setOpening(next)
      change(true)
    },
    popup: (align: 'start' | 'end') =>
      opening !== undefined && <MenuPopup {...opening} align={align} open={isOpen} onOpenChange={change} />,
  }
}

function listOf(items: readonly MenuItem[] | (() => readonly MenuItem[])): readonly MenuItem[] {
  return typeof items === 'function' ? items() : items
}
