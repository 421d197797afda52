import type { ReactNode } from 'react'
import { later } from './later.tsx'
import { useOnce } from './use-once.ts'

export interface AlertDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  /** The question. */
  readonly title: string
  /** What follows from it. */
  readonly description: ReactNode
  /** A verb, as on the button that led here. */
  readonly confirm: string
  readonly danger?: boolean
  readonly onConfirm: () => void
  readonly children?: ReactNode
}

const AlertDialogPopup = later(async () => (await import('./alert-dialog-popup.tsx')).AlertDialogPopup)

/** A question that must be answered; the focus is on the way out. */
export function AlertDialog(props: AlertDialogProps) {
  return useOnce(props.open) && <AlertDialogPopup {...props} />
}
