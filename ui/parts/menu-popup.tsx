import { ContextMenu as Base } from '@base-ui/react/context-menu'
import { useEffect, useRef } from 'react'
import { classNames } from './class-names.ts'
import { Check } from './icon.tsx'
import { Kbd } from './kbd.tsx'
import type { MenuAction, MenuPopupProps } from './menu-items.ts'
import { landmarkFor } from './landmark-for.ts'
import layer from './layer.module.css'
import styles from './menu.module.css'

/** The context menu of Base UI serves all: it alone keeps the focus in without guards that checkers object to. */
export function MenuPopup({ open, onOpenChange, items, anchor, from, align, byKeyboard }: MenuPopupProps) {
  const popup = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open || !byKeyboard) return undefined
    const frame = requestAnimationFrame(() =>
      popup.current?.querySelector<HTMLElement>('[role^="menuitem"]:not([data-disabled])')?.focus(),
    )
    return () => cancelAnimationFrame(frame)
  }, [open, byKeyboard])
  useEffect(() => {
    if (!open) return undefined
    // Base UI would let half a second pass, for those who press, move and let go.
    const close = ({ target }: PointerEvent): void => {
      if (popup.current !== null && target instanceof Node && !popup.current.contains(target)) onOpenChange(false)
    }
    document.addEventListener('pointerdown', close, true)
    return () => document.removeEventListener('pointerdown', close, true)
  })
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal container={landmarkFor(from)}>
        <Base.Positioner
          anchor={anchor}
          positionMethod="fixed"
          side="bottom"
          align={align}
          sideOffset={anchor instanceof Element ? 4 : 0}
          collisionPadding={8}
          className={layer['positioner']}
        >
          <Base.Popup
            ref={popup}
            className={classNames(layer['popup'], styles['popup'])}
            finalFocus={() => (isAsking() ? false : (from ?? false))}
          >
            {items.map((item, i) =>
              item === 'separator' ? (
                <Base.Separator key={`separator ${i}`} className={styles['separator']} />
              ) : (
                <Item key={item.label} item={item} />
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** A dialog that an item has opened keeps the focus. */
function isAsking(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog]') !== null
}

function Item({ item }: { readonly item: MenuAction }) {
  const { label, icon, shortcut, danger = false, disabled = false, checked, onSelect } = item
  const className = classNames(styles['item'], danger && styles['danger'])
  const words = (
    <>
      <span className={styles['label']}>{label}</span>
      {shortcut !== undefined && (
        <span className={styles['shortcut']} aria-hidden="true">
          <Kbd keys={shortcut} />
        </span>
      )}
    </>
  )
  if (checked === undefined) {
    return (
      <Base.Item className={className} disabled={disabled} onClick={onSelect}>
        <span className={styles['icon']}>{icon}</span>
        {words}
      </Base.Item>
    )
  }
  return (
    <Base.CheckboxItem
      className={className}
      disabled={disabled}
      checked={checked}
      onCheckedChange={onSelect}
      closeOnClick
    >
      <span className={styles['icon']}>
        <Base.CheckboxItemIndicator>
          <Check aria-hidden="true" />
        </Base.CheckboxItemIndicator>
      </span>
      {words}
    </Base.CheckboxItem>
  )
}
