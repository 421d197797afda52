import { cloneElement, useState } from 'react'
import type { MouseEvent, ReactElement, ReactNode } from 'react'
import { later } from './later.tsx'
import { useOnce } from './use-once.ts'

export interface PopoverProps {
  /** The button that opens it: Button or IconButton, or any element that hands its props to a button. */
  readonly trigger: ReactElement
  /** Accessible name of what opens. */
  readonly label: string
  readonly align?: 'start' | 'end'
  readonly className?: string | undefined
  readonly children: (close: () => void) => ReactNode
}

export interface PopoverPopupProps extends Omit<PopoverProps, 'trigger'> {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly anchor: HTMLElement | null
}

interface TriggerProps {
  readonly 'aria-haspopup'?: 'dialog'
  readonly 'aria-expanded'?: boolean
  readonly onClick?: (event: MouseEvent<HTMLElement>) => void
  readonly onPointerEnter?: () => void
}

const PopoverPopup = later(async () => (await import('./popover-popup.tsx')).PopoverPopup)

/** A small panel at its button, over the page, which stays in use beside it. */
export function Popover({ trigger, ...rest }: PopoverProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const [open, setOpen] = useState(false)
  const props: TriggerProps = {
    'aria-haspopup': 'dialog',
    'aria-expanded': open,
    onClick: ({ currentTarget }) => {
      setAnchor(currentTarget)
      setOpen(!open)
    },
    onPointerEnter: PopoverPopup.fetch,
  }
  const isNeeded = useOnce(open)
  return (
    <>
      {cloneElement(trigger as ReactElement<TriggerProps>, props)}
      {isNeeded && <PopoverPopup {...rest} anchor={anchor} open={open} onOpenChange={setOpen} />}
    </>
  )
}
