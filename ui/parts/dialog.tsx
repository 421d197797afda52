import type { ReactNode, RefObject } from 'react'
import { later } from './later.tsx'
import { useOnce } from './use-once.ts'

export interface DialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: ReactNode
  readonly children?: ReactNode
  /** Buttons, the main one last. */
  readonly footer?: ReactNode
  readonly width?: 'usual' | 'wide'
  /** What has the focus first; otherwise the first field, or the button that closes. */
  readonly initialFocus?: RefObject<HTMLElement | null>
}

const DialogPopup = later(async () => (await import('./dialog-popup.tsx')).DialogPopup)

/** Over the page: focus stays inside, Escape and a click outside close it, and focus returns to where it was. */
export function Dialog(props: DialogProps) {
  return useOnce(props.open) && <DialogPopup {...props} />
}
