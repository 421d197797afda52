import { useRef } from 'react'
import type { ComponentProps } from 'react'
import { ContextMenu } from '../parts/menu.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { holdOrder } from '../state/lists.ts'
import styles from './grid.module.css'

export interface ListMenuProps extends Omit<ComponentProps<'div'>, 'onContextMenu' | 'className'> {
  readonly itemsFor: (id: string) => readonly MenuItem[]
}

/**
 * The area of a list: one context menu for all rows, made when it opens for the row it was asked for, and no reordering
 * under the pointer or an open menu.
 */
export function ListMenu({ itemsFor, ...rest }: ListMenuProps) {
  const id = useRef<string | undefined>(undefined)
  return (
    <ContextMenu
      items={() => (id.current === undefined ? [] : itemsFor(id.current))}
      onOpenChange={(open) => holdOrder(open, 'menu')}
    >
      <div
        {...rest}
        className={styles['wrap']}
        onContextMenu={({ target }) => {
          id.current = target instanceof Element ? target.closest<HTMLElement>('[data-id]')?.dataset['id'] : undefined
        }}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && holdOrder(true)}
        onPointerLeave={({ pointerType }) => pointerType === 'mouse' && holdOrder(false)}
      />
    </ContextMenu>
  )
}
